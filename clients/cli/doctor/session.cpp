// SPDX-License-Identifier: MIT
// The session bus, and what the user manager knows of the session.
#include <fmt/format.h>

#include <filesystem>

#include "base/paths.hpp"
#include "clients/cli/doctor/finding.hpp"

namespace forgelink::cli::doctor {
namespace {

namespace fs = std::filesystem;

constexpr const char* about_session = "session bus";

// "unix:path=/run/user/1000/bus,guid=..." -> the path; "" for another kind of address.
std::string path_of(const std::string& address) {
  constexpr std::string_view start = "unix:path=";
  if (!address.starts_with(start)) return "";
  return address.substr(start.size(), address.find_first_of(",;") - start.size());
}

// What the daemon gets from systemd is not what this shell has.
void look_at_manager(Findings& all, const std::string& address) {
  if (!has_user_manager() || address.empty()) return;
  const auto environment = output_of({"systemctl", "--user", "show-environment"});
  if (!environment) return;
  const std::string lines = "\n" + *environment + "\n";
  const bool same = lines.find("\nDBUS_SESSION_BUS_ADDRESS=" + address) != std::string::npos;
  const bool usual = path_of(address) == (runtime_dir() / "bus").string();
  if (!same && !usual)
    all.mendable(about_session,
                 "This shell has another session bus than the daemon that systemd starts, and perhaps "
                 "another keyring.",
                 "systemctl --user import-environment DBUS_SESSION_BUS_ADDRESS && systemctl --user "
                 "try-restart forgelink.service");
}

}  // namespace

void look_at_session(Findings& all) {
  const std::string address = variable("DBUS_SESSION_BUS_ADDRESS"), usual = (runtime_dir() / "bus").string();
  const std::string path = address.empty() ? usual : path_of(address);
  if (address.empty() && !fs::exists(usual)) {
    const std::string mend =
        has_program("dbus-run-session") ? "dbus-run-session -- bash" : install("dbus-user-session");
    return all.note(
        about_session,
        "There is no session bus here, so there is no keyring: tokens can only be kept in memory.", mend);
  }
  if (!path.empty() && !is_listened_to(path)) {
    const bool other = path != usual && is_listened_to(usual);
    const std::string mend = other ? "export DBUS_SESSION_BUS_ADDRESS=unix:path=" + usual
                             : has_program("dbus-run-session") ? "dbus-run-session -- bash"
                                                               : "";
    return all.bad(
        about_session,
        fmt::format("Nobody answers on the session bus at {}: the session it belonged to is over.", path),
        mend);
  }
  all.good(about_session, "There is a session bus.");
  look_at_manager(all, address);
}

}  // namespace forgelink::cli::doctor
