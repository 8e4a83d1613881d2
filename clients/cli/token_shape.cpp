// SPDX-License-Identifier: MIT
#include "clients/cli/token_shape.hpp"

#include <algorithm>
#include <cctype>

namespace forgelink::cli {

bool looks_like_token(std::string_view text) {
  for (const std::string_view mark : {"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
                                      "gldt-", "glcbt-", "gloas-", "ATATT", "ATCTT", "ATBB", "BBDC-"}) {
    if (text.starts_with(mark) && text.size() > mark.size() + 8) return true;
  }
  // Old tokens of GitHub and those of Forgejo have 40 characters, those of Azure DevOps 52 or 84.
  return text.size() >= 40 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_';
         });
}

}  // namespace forgelink::cli
