// SPDX-License-Identifier: MIT
#include "clients/cli/import/parsers.hpp"
#include "clients/cli/import/yaml.hpp"

namespace forgelink::cli {
namespace {

// HOST / oauth_token, or HOST / users / NAME / oauth_token; the user name of the first is in HOST / user.
std::optional<std::string> user_of(const std::vector<YamlLeaf>& leaves, const YamlLeaf& leaf) {
  if (leaf.path.size() == 2 && leaf.path[1] == "oauth_token") return text_at(leaves, {leaf.path[0], "user"});
  if (leaf.path.size() == 4 && leaf.path[1] == "users" && leaf.path[3] == "oauth_token") return leaf.path[2];
  return std::nullopt;
}

// A record of a token that gh renews: HOST / users / NAME / refreshable_oauth_token / access_token.
bool is_renewed(const YamlLeaf& leaf) {
  return leaf.path.size() >= 3 && leaf.path[leaf.path.size() - 2] == "refreshable_oauth_token" &&
         leaf.path.back() == "access_token";
}

}  // namespace

Parsed parse_gh(std::string_view text) {
  Parsed parsed;
  const auto leaves = yaml_leaves(text, parsed.trouble);
  if (!leaves) return parsed;
  // gh writes the token of the account in use in both places. Both are found, joined later, and cut together.
  for (const YamlLeaf& leaf : *leaves) {
    if (leaf.value.empty()) continue;
    const bool renewed = is_renewed(leaf);
    const auto user = renewed && leaf.path.size() > 3 ? leaf.path[2] : user_of(*leaves, leaf);
    if (!renewed && !user) continue;
    if (!is_host(leaf.path.front())) {
      parsed.trouble = "It holds a token for “" + leaf.path.front() + "”, which is no host.";
      continue;
    }
    Found found{.source = "gh", .scheme = "https", .host = leaf.path.front()};
    fill_in(found, Secret(user.value_or("")), leaf.value.duplicate());
    found.cuts.push_back(leaf.cut);
    if (renewed)
      found.cannot = "It lasts some hours, and only gh can renew it. Make a personal access token.";
    parsed.found.push_back(std::move(found));
  }
  return parsed;
}

}  // namespace forgelink::cli
