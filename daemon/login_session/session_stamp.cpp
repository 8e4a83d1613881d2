// SPDX-License-Identifier: MIT
#include "daemon/login_session/session_stamp.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <cstdlib>
#include <fstream>

#include "base/paths.hpp"

namespace forgelink {
namespace {

std::string identity_of(const std::filesystem::path& folder) {
  struct statx found {};
  if (statx(AT_FDCWD, folder.c_str(), 0, STATX_INO | STATX_BTIME, &found) != 0) return "";
  // With the time of birth, since the number of an inode is given again.
  return fmt::format("{}:{}:{}:{}.{}", found.stx_dev_major, found.stx_dev_minor, found.stx_ino,
                     found.stx_btime.tv_sec, found.stx_btime.tv_nsec);
}

}  // namespace

SessionStamp SessionStamp::now() {
  SessionStamp stamp;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> stamp.boot;
  if (const char* session = std::getenv("XDG_SESSION_ID")) stamp.session = session;
  stamp.runtime_path = runtime_dir().string();
  stamp.runtime_folder = identity_of(runtime_dir());
  return stamp;
}

std::string SessionStamp::text() const { return fmt::format("{}\n{}\n{}", boot, session, runtime_folder); }

std::optional<SessionStamp> SessionStamp::parse(std::string_view text) {
  const auto first = text.find('\n');
  const auto second = first == std::string_view::npos ? first : text.find('\n', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return SessionStamp{.boot = std::string(text.substr(0, first)),
                      .session = std::string(text.substr(first + 1, second - first - 1)),
                      .runtime_folder = std::string(text.substr(second + 1))};
}

bool is_elsewhere(const SessionStamp& before, const SessionStamp& now) {
  return !before.runtime_path.empty() && before.runtime_path != now.runtime_path;
}

bool folder_is_alive(const SessionStamp& stamp) {
  return !stamp.runtime_folder.empty() && identity_of(stamp.runtime_path) == stamp.runtime_folder;
}

bool is_new_session(const SessionStamp& before, const SessionStamp& now) {
  if (before.boot != now.boot) return true;
  if (before.runtime_folder == now.runtime_folder || is_elsewhere(before, now)) return false;
  // A user service has no XDG_SESSION_ID: there the folder alone tells.
  const bool known = !before.session.empty() && !now.session.empty();
  return !known || before.session != now.session;
}

}  // namespace forgelink
