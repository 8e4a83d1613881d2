// SPDX-License-Identifier: MIT
// Identifies the login session, so that the next start knows whether the last session ended unnoticed (a hard
// kill, power loss).
//
// A new boot is a new session; so is a new folder in the runtime folder's place, which logind makes for a
// user's first session and removes after the last, unless XDG_SESSION_ID says that the session is the same. A
// runtime folder in another place is no evidence: it may be another program's while the session lives. A
// restart of the daemon changes none of them. A plain value.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

struct SessionStamp {
  std::string boot;            // /proc/sys/kernel/random/boot_id
  std::string session;         // $XDG_SESSION_ID, often unset in a user service
  std::string runtime_folder;  // device, inode and time of birth of $XDG_RUNTIME_DIR
  std::string runtime_path;    // where that is; kept apart from `text`, "" where it is not known

  static SessionStamp now();
  std::string text() const;
  static std::optional<SessionStamp> parse(std::string_view text);
};

bool is_new_session(const SessionStamp& before, const SessionStamp& now);

// The session of `before` may still live although `now` has its runtime folder in another place.
bool is_elsewhere(const SessionStamp& before, const SessionStamp& now);
// The runtime folder of `stamp` is still there, and is that one.
bool folder_is_alive(const SessionStamp& stamp);

}  // namespace forgelink
