// SPDX-License-Identifier: MIT
#include "daemon/git/version_notice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace forgelink {
namespace {

// A client that makes versions up fills neither the log nor the memory.
constexpr std::size_t longest_version = 32, most_told = 16;

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= longest_version &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::optional<std::string> VersionNotice::about(std::string_view helper) {
  if (helper == own_ || !is_version(helper) || told_.contains(helper) || told_.size() >= most_told)
    return std::nullopt;
  told_.emplace(helper);
  return fmt::format(
      "the daemon is version {} and git's helper {}; restart the daemon with: systemctl --user restart "
      "forgelink.service",
      own_, helper);
}

}  // namespace forgelink
