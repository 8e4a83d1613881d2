// SPDX-License-Identifier: MIT
// Detects a credential helper of another version than the daemon, as after an upgrade without a restart, and
// reports each version once. Kept here because a helper process serves one request. On the loop.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace forgelink {

class VersionNotice {
 public:
  explicit VersionNotice(std::string_view own) : own_(own) {}

  // The notice for that version; nothing if it is the daemon's own, was reported already or is malformed.
  std::optional<std::string> about(std::string_view helper);

 private:
  std::string own_;
  std::set<std::string, std::less<>> told_;
};

}  // namespace forgelink
