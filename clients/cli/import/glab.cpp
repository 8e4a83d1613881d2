// SPDX-License-Identifier: MIT
#include "clients/cli/import/parsers.hpp"
#include "clients/cli/import/yaml.hpp"

namespace forgelink::cli {

Parsed parse_glab(std::string_view text) {
  Parsed parsed;
  const auto leaves = yaml_leaves(text, parsed.trouble);
  if (!leaves) return parsed;
  for (const YamlLeaf& leaf : *leaves) {
    const bool token = leaf.path.size() == 3 && leaf.path[0] == "hosts" && leaf.path[2] == "token";
    if (!token || leaf.value.empty()) continue;
    const std::string& host = leaf.path[1];
    const auto setting = [&](std::string_view name) { return text_at(*leaves, {"hosts", host, name}); };
    Found found{.source = "glab", .scheme = "https", .host = host};
    // Where the API is counts: that is what verifies.
    if (const std::string api = setting("api_host"); is_host(api)) found.host = api;
    if (!is_host(found.host)) continue;
    if (const std::string scheme = setting("api_protocol"); scheme == "http") found.scheme = scheme;
    found.path = setting("subfolder");
    fill_in(found, Secret(setting("user")), leaf.value.duplicate());
    found.cuts.push_back(leaf.cut);
    if (setting("is_oauth2") == "true")
      found.cannot = "glab signed in by OAuth: its token lasts two hours. Make a personal access token.";
    parsed.found.push_back(std::move(found));
  }
  return parsed;
}

}  // namespace forgelink::cli
