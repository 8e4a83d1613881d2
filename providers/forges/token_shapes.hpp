// What a pasted token looks like. Prefixes are hints for better messages, never a test of validity (providers
// 2).
#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace forgelink::forges {

// The label of the forge that marks its tokens so; "" for no mark that is known.
inline std::string_view forge_by_prefix(std::string_view token) {
  for (const std::string_view prefix : {"ghp_", "github_pat_", "gho_", "ghu_", "ghs_"}) {
    if (token.starts_with(prefix)) return "GitHub";
  }
  if (token.starts_with("glpat-") || token.starts_with("gldt-")) return "GitLab";
  if (token.starts_with("ATATT") || token.starts_with("ATCTT") || token.starts_with("ATBB"))
    return "Bitbucket";
  return "";
}

inline std::optional<Error> foreign_token(std::string_view token, std::string_view own) {
  const std::string_view forge = forge_by_prefix(token);
  if (forge.empty() || forge == own) return std::nullopt;
  return invalid("token",
                 "This looks like a token of " + std::string(forge) + ", but the connection is one to " +
                     std::string(own) + ".",
                 "Paste a token of " + std::string(own) + ", or choose the other type.");
}

}  // namespace forgelink::forges
