// SPDX-License-Identifier: MIT
#include "clients/cli/import/parsers.hpp"
#include "clients/cli/import/yaml.hpp"

namespace forgelink::cli {
namespace {

// A host as glab's settings name it: HOST, HOST/SUBFOLDER or a whole address. False for what is none.
bool read_place(std::string_view text, Found& found) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    found.scheme = text.substr(0, scheme);
    text.remove_prefix(scheme + 3);
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  const auto slash = text.find('/');
  if (!is_host(text.substr(0, slash))) return false;
  found.host = text.substr(0, slash);
  if (slash != std::string_view::npos) found.path = text.substr(slash + 1);
  return found.scheme == "https" || found.scheme == "http";
}

}  // namespace

Parsed parse_glab(std::string_view text) {
  Parsed parsed;
  const auto leaves = yaml_leaves(text, parsed.trouble);
  if (!leaves) return parsed;
  for (const YamlLeaf& leaf : *leaves) {
    const bool token = leaf.path.size() == 3 && leaf.path[0] == "hosts" && leaf.path[2] == "token";
    if (!token || leaf.value.empty()) continue;
    const std::string& host = leaf.path[1];
    const auto setting = [&](std::string_view name) { return text_at(*leaves, {"hosts", host, name}); };
    Found found{.source = "glab", .scheme = "https"};
    bool good = read_place(host, found);
    // Where the API is counts: that is what verifies.
    if (const std::string api = setting("api_host"); !api.empty()) good = read_place(api, found);
    if (!good) {
      parsed.trouble = "It holds a token for “" + host + "”, which is no address of a server.";
      continue;
    }
    if (const std::string scheme = setting("api_protocol"); scheme == "http") found.scheme = scheme;
    if (const std::string folder = setting("subfolder"); !folder.empty()) found.path = folder;
    fill_in(found, Secret(setting("user")), leaf.value.duplicate());
    found.cuts.push_back(leaf.cut);
    if (setting("is_oauth2") == "true")
      found.cannot = "glab signed in by OAuth: its token lasts two hours. Make a personal access token.";
    parsed.found.push_back(std::move(found));
  }
  return parsed;
}

}  // namespace forgelink::cli
