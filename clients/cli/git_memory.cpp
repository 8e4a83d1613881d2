// SPDX-License-Identifier: MIT
#include "clients/cli/git_memory.hpp"

#include "base/paths.hpp"
#include "clients/cli/context.hpp"
#include "clients/cli/files.hpp"

namespace forgelink::cli {

namespace fs = std::filesystem;

fs::path GitMemory::place() { return state_home() / "forgelink" / "git-setup.json"; }

std::optional<GitMemory> GitMemory::load() {
  const auto text_there = content_of(place());
  boost::system::error_code wrong;
  const json::value value = text_there ? json::parse(*text_there, wrong) : json::value();
  if (wrong || !value.is_object()) return std::nullopt;
  GitMemory memory{
      .file = text(value, "file"), .exact = text(value, "exact") == "true", .after = text(value, "after")};
  memory.identity_key = text(value, "identity_key");
  memory.identity_file = text(value, "identity_file");
  if (member(value, "before") != nullptr) memory.before = text(value, "before");
  if (const json::value* hosts = member(value, "hosts"); hosts != nullptr && hosts->is_object()) {
    for (const auto& [url, was] : hosts->get_object()) {
      GitMemory::Host host;
      if (const json::value* helpers = member(was, "helpers"))
        host.helpers = json::value_to<std::vector<std::string>>(*helpers);
      if (member(was, "http_path") != nullptr) host.http_path = text(was, "http_path");
      memory.hosts.emplace(url, std::move(host));
    }
  }
  return memory;
}

void GitMemory::save() const {
  json::object all;
  for (const auto& [url, was] : hosts) {
    json::object host{{"helpers", json::value_from(was.helpers)}};
    if (was.http_path) host["http_path"] = *was.http_path;
    all[url] = std::move(host);
  }
  json::object value{{"file", file}, {"exact", exact}, {"after", after}, {"hosts", std::move(all)}};
  if (before) value["before"] = *before;
  if (!identity_key.empty()) {
    value["identity_key"] = identity_key;
    value["identity_file"] = identity_file;
  }
  // replace_file() keeps the mode of what is there, and `before` may hold passwords in addresses.
  std::error_code there_is_none;
  fs::permissions(place(), fs::perms::owner_read | fs::perms::owner_write, there_is_none);
  replace_file(place(), json::serialize(value) + "\n", 0600);
}

}  // namespace forgelink::cli
