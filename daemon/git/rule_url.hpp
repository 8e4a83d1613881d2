// SPDX-License-Identifier: MIT
// The address of a rule in its normal form: as a person types it, as it is kept and shown, and as it is
// matched. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/git_path.hpp"
#include "base/result.hpp"

namespace forgelink {

struct RuleUrl {
  std::string origin;  // "https://git.example:8443"
  GitPath path;        // without ".git" at its end

  // "https://host[:port][/path]"; the scheme may be left out. Refused as `invalid_params` on `url`: anything
  // else, a query, and a path that hides something. A user name in it is left out.
  static Result<RuleUrl> parse(std::string_view typed);
  // As `text` wrote it. REQUIRES: `kept` came from `text`.
  static RuleUrl of_kept(std::string_view kept);

  std::string text() const;     // decoded, as it is kept
  std::string encoded() const;  // as it is typed
};

}  // namespace forgelink
