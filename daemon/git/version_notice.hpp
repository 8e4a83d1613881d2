// SPDX-License-Identifier: MIT
// Says once to each other version of git's helper that it is not the daemon's own, as after an upgrade that
// left the old daemon running. The helper itself lives for one question and could not remember. On the loop.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace forgelink {

class VersionNotice {
 public:
  explicit VersionNotice(std::string_view own) : own_(own) {}

  // The sentence for a helper of that version; nothing for our own, for one that was told, and for what is no
  // version.
  std::optional<std::string> about(std::string_view helper);

 private:
  std::string own_;
  std::set<std::string, std::less<>> told_;
};

}  // namespace forgelink
