// SPDX-License-Identifier: MIT
// Recognises a pasted token by its prefix. Prefixes are hints for better messages, never a test of validity.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace forgelink::forges {

// The forge that marks its tokens so; "" for no mark that is known.
inline std::string_view forge_by_mark(std::string_view token) {
  for (const std::string_view prefix : {"ghp_", "github_pat_", "gho_", "ghu_", "ghs_", "ghr_"}) {
    if (token.starts_with(prefix)) return "GitHub";
  }
  for (const std::string_view prefix : {"glpat-", "gldt-", "glcbt-", "glrt-", "gloas-", "glft-", "glptt-"}) {
    if (token.starts_with(prefix)) return "GitLab";
  }
  for (const std::string_view prefix : {"ATATT", "ATCTT", "ATBB"}) {
    if (token.starts_with(prefix)) return "Bitbucket";
  }
  if (token.starts_with("BBDC-")) return "Bitbucket Data Center";
  // Old ones, of 52 characters, have no mark.
  if (token.size() == 84 && token.substr(76, 4) == "AZDO") return "Azure DevOps";
  return "";
}

// `own` is the label of the connection's type; "Azure DevOps Server" is of "Azure DevOps".
inline std::optional<Error> foreign_token(std::string_view token, std::string_view own) {
  const std::string_view forge = forge_by_mark(token);
  if (forge.empty() || own.starts_with(forge)) return std::nullopt;
  const std::string from(forge), to(own);
  return invalid("token", "This looks like a token of " + from + ", but the connection is one to " + to + ".",
                 "Paste a token of " + to + ", or choose the other type.");
}

}  // namespace forgelink::forges
