// SPDX-License-Identifier: MIT
#include "daemon/settings/policy_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/text.hpp"
#include "base/url.hpp"
#include "daemon/settings/toml.hpp"
#include "providers/server_url.hpp"

namespace forgelink {
namespace {

constexpr std::size_t largest_policy = 1 << 20;

// An open file, closed at the end of its scope.
class PolicyDescriptor {
 public:
  explicit PolicyDescriptor(int descriptor) : descriptor_(descriptor) {}
  PolicyDescriptor(const PolicyDescriptor&) = delete;
  PolicyDescriptor& operator=(const PolicyDescriptor&) = delete;
  ~PolicyDescriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void refuse_policy(const std::string& path, std::string_view why) {
  throw SettingsError(fmt::format("{}: the policy is not taken: {}.", path, why));
}

// Who may write the file may set the policy.
void check_policy_owner(int descriptor, const std::string& path, unsigned owner, bool folder) {
  struct stat found {};
  if (fstat(descriptor, &found) != 0) refuse_policy(path, std::strerror(errno));
  if (!folder && !S_ISREG(found.st_mode)) refuse_policy(path, "it is no regular file");
  if (found.st_uid != owner)
    refuse_policy(path, owner == 0 ? "it does not belong to root" : "it is another's");
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) refuse_policy(path, "group or others can write it");
}

// -1 if nothing is there; a symbolic link is refused.
int open_strictly(int at, const std::string& name, const std::string& path, int flags) {
  // O_NONBLOCK: a FIFO in the place of the file must not stop the start.
  const int descriptor = openat(at, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags);
  if (descriptor >= 0 || errno == ENOENT) return descriptor;
  if (errno == ELOOP || errno == ENOTDIR) refuse_policy(path, "it is a symbolic link, or no folder");
  refuse_policy(path, std::strerror(errno));
}

std::string read_whole(int descriptor, const std::string& path) {
  std::string text;
  char part[4096];
  while (true) {
    const ssize_t count = read(descriptor, part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse_policy(path, std::strerror(errno));
    if (count == 0) return text;
    text.append(part, static_cast<std::size_t>(count));
    if (text.size() > largest_policy) refuse_policy(path, "it is too large");
  }
}

// Walks the file: every key it knows is taken out of its table, so that what is left over is a mistake.
class PolicyReader {
 public:
  PolicyReader(std::string_view file, toml::table& root) : file_(file), root_(root) {}

  Policy read() {
    Policy policy{.file = file_};
    take(root_, "contact", [&](const toml::node& node) { policy.contact = word(node, "contact"); });
    take(root_, "allowed_types", [&](const toml::node& node) { policy.allowed_types = types(node); });
    take(root_, "allowed_hosts", [&](const toml::node& node) { policy.allowed_hosts = hosts(node); });
    take(root_, "pat", [&](const toml::node& node) {
      if (!node.is_boolean()) refuse(node, "pat", "must be true or false.");
      policy.pat = node.as_boolean()->get();
    });
    take(root_, "longest_lifetime",
         [&](const toml::node& node) { policy.longest_lifetime = lifetime(node); });
    take(root_, "retention", [&](const toml::node& node) {
      if (word(node, "retention") != "session") refuse(node, "retention", "can only be \"session\".");
      policy.retention = Retention::session;
    });
    take(root_, "access", [&](const toml::node& node) {
      if (word(node, "access") != "ask") refuse(node, "access", "can only be \"ask\".");
      policy.ask = true;
    });
    read_apps(policy);
    for (const auto& [key, node] : root_) {
      refuse(
          node, key.str(),
          "is no key of a policy. There are: contact, allowed_types, allowed_hosts, pat, longest_lifetime, "
          "retention, access, [oauth.TYPE], [[oauth.server]].");
    }
    return policy;
  }

 private:
  [[noreturn]] void refuse(const toml::node& at, std::string_view key, std::string_view right) const {
    throw SettingsError(fmt::format("{}:{}: `{}` {}", file_, at.source().begin.line, key, right));
  }

  template <class Take>
  void take(toml::table& table, std::string_view key, Take take) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    take(*node);
    table.erase(key);
  }

  std::string word(const toml::node& node, std::string_view key) const {
    const auto* text = node.as_string();
    if (text == nullptr || text->get().empty() || has_control_code_point(text->get()))
      refuse(node, key, "must be a text in quotes, on one line.");
    return text->get();
  }

  std::vector<std::string> words(const toml::node& node, std::string_view key) const {
    const auto* list = node.as_array();
    if (list == nullptr) refuse(node, key, "must be a list of texts in quotes.");
    std::vector<std::string> all;
    for (const toml::node& item : *list) all.push_back(word(item, key));
    return all;
  }

  std::vector<std::string> types(const toml::node& node) const {
    std::vector<std::string> all = words(node, "allowed_types");
    for (const std::string& type : all) {
      if (find_provider(type) == nullptr)
        refuse(node, "allowed_types", fmt::format("names \"{}\", which is no type of connection.", type));
    }
    return all;
  }

  std::vector<std::string> hosts(const toml::node& node) const {
    std::vector<std::string> all;
    for (const std::string& host : words(node, "allowed_hosts")) {
      const auto address = parse_web_address("https://" + host);
      const bool plain = address && address->path.empty() && !address->has_user && !address->has_more;
      if (!plain)
        refuse(node, "allowed_hosts",
               fmt::format("names \"{}\"; it takes whole host names, with or without a port.", host));
      all.push_back(lower_case(host));
    }
    return all;
  }

  std::chrono::seconds lifetime(const toml::node& node) const {
    const std::string text = word(node, "longest_lifetime");
    std::int64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (failed == std::errc() && count > 0 && count <= 100'000) {
      if (unit == "d") return std::chrono::hours(24) * count;
      if (unit == "h") return std::chrono::hours(count);
      if (unit == "min") return std::chrono::minutes(count);
    }
    refuse(node, "longest_lifetime", "must be a time with its unit, as \"90d\" or \"12h\".");
  }

  std::string client_id(toml::table& table, const toml::node& at, std::string_view name) {
    std::string id;
    take(table, "client_id",
         [&](const toml::node& node) { id = word(node, fmt::format("{}.client_id", name)); });
    if (id.empty()) refuse(at, name, "needs a client_id.");
    return id;
  }

  void refuse_rest(const toml::table& table, std::string_view name, std::string_view keys) const {
    for (const auto& [key, node] : table)
      refuse(node, fmt::format("{}.{}", name, key.str()),
             fmt::format("is no key of a policy. There are: {}.", keys));
  }

  void read_server(toml::node& node, Policy& policy) {
    toml::table* table = node.as_table();
    if (table == nullptr)
      refuse(node, "oauth.server", "must be written as [[oauth.server]] with url and client_id.");
    PolicyApp app;
    take(*table, "url", [&](const toml::node& url) {
      Result<std::string> normal = normal_server_url(word(url, "oauth.server.url"), true);
      if (!normal)
        refuse(url, "oauth.server.url", "must be the address of a server, as \"https://git.example\".");
      app.server_url = *normal;
    });
    if (app.server_url.empty()) refuse(node, "oauth.server", "needs a url.");
    app.client_id = client_id(*table, node, "oauth.server");
    refuse_rest(*table, "oauth.server", "url, client_id");
    policy.apps.push_back(std::move(app));
  }

  void read_type(std::string_view type, toml::node& node, Policy& policy) {
    const std::string name = fmt::format("oauth.{}", type);
    toml::table* table = node.as_table();
    if (table == nullptr || find_provider(type) == nullptr)
      refuse(node, name, "is no section of a policy; [oauth.TYPE] has a type of connection.");
    PolicyApp app{.type = std::string(type)};
    app.client_id = client_id(*table, node, name);
    take(*table, "redirect_port", [&](const toml::node& port) {
      const auto* number = port.as_integer();
      if (number == nullptr || number->get() < 1024 || number->get() > 65535)
        refuse(port, name + ".redirect_port", "must be a port from 1024 to 65535.");
      app.redirect_port = static_cast<std::uint16_t>(number->get());
    });
    take(*table, "tenant", [&](const toml::node& tenant) { app.tenant = word(tenant, name + ".tenant"); });
    refuse_rest(*table, name, "client_id, redirect_port, tenant");
    policy.apps.push_back(std::move(app));
  }

  void read_apps(Policy& policy) {
    toml::node* node = root_.get("oauth");
    if (node == nullptr) return;
    toml::table* oauth = node->as_table();
    if (oauth == nullptr) refuse(*node, "oauth", "must be written as [oauth.TYPE] or [[oauth.server]].");
    for (auto&& [key, value] : *oauth) {
      if (key.str() != "server") {
        read_type(key.str(), value, policy);
        continue;
      }
      toml::array* servers = value.as_array();
      if (servers == nullptr) refuse(value, "oauth.server", "must be written as [[oauth.server]].");
      for (toml::node& server : *servers) read_server(server, policy);
    }
    root_.erase("oauth");
  }

  std::string file_;
  toml::table& root_;
};

}  // namespace

Policy parse_policy(std::string_view text, std::string_view name) {
  // toml++ 3.3 takes for unreachable what a letter that is not ASCII meets outside of strings and comments,
  // so it sees a question mark in its place first, which is allowed in just the same places.
  std::string mask(text);
  std::replace_if(
      mask.begin(), mask.end(), [](unsigned char c) { return c >= 0x80; }, '?');
  try {
    static_cast<void>(toml::parse(mask, name));
    toml::table root = toml::parse(text, name);
    return PolicyReader(name, root).read();
  } catch (const toml::parse_error& error) {
    throw SettingsError(
        fmt::format("{}:{}: this is not TOML: {}.", name, error.source().begin.line, error.description()));
  }
}

Policy read_policy(const std::filesystem::path& folder, unsigned owner) {
  const std::string place = folder.string(), path = (folder / "policy.toml").string();
  // Opened once, then checked and read by descriptor: nobody can exchange the file between the two.
  const PolicyDescriptor directory(open_strictly(AT_FDCWD, place, place, O_DIRECTORY));
  if (directory.get() < 0) return {};
  const PolicyDescriptor file(open_strictly(directory.get(), "policy.toml", path, 0));
  if (file.get() < 0) return {};
  check_policy_owner(directory.get(), place, owner, true);
  check_policy_owner(file.get(), path, owner, false);
  return parse_policy(read_whole(file.get(), path), path);
}

}  // namespace forgelink
