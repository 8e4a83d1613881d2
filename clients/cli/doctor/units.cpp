// SPDX-License-Identifier: MIT
// systemd's units of ours.
#include <fmt/format.h>

#include <map>

#include "clients/cli/doctor/finding.hpp"

namespace forgelink::cli::doctor {
namespace {

std::map<std::string, std::string> properties_of(const std::string& unit) {
  std::map<std::string, std::string> found;
  const auto lines = output_of(
      {"systemctl", "--user", "show", "-p", "LoadState,ActiveState,UnitFileState,NeedDaemonReload", unit});
  if (!lines) return found;
  for (std::size_t begin = 0; begin < lines->size();) {
    const std::size_t end = std::min(lines->find('\n', begin), lines->size());
    const std::string line = lines->substr(begin, end - begin);
    if (const auto is = line.find('='); is != std::string::npos)
      found[line.substr(0, is)] = line.substr(is + 1);
    begin = end + 1;
  }
  return found;
}

struct Unit {
  const char* name;
  const char* without;  // what happens without it
  bool can_be_enabled;
};

void examine_unit(Findings& all, const Unit& unit, bool graphical) {
  auto is = properties_of(unit.name);
  const std::string name = unit.name;
  if (is["LoadState"] == "masked")
    return all.bad(name, fmt::format("{} is masked: {}.", name, unit.without),
                   "systemctl --user unmask " + name + " && systemctl --user enable --now " + name);
  if (is["ActiveState"] == "failed")
    return all.mendable(name,
                        fmt::format("{} has failed: {}. The journal says why: journalctl --user -u {}", name,
                                    unit.without, name),
                        "systemctl --user reset-failed " + name + " && systemctl --user restart " + name);
  if (unit.can_be_enabled && is["UnitFileState"] != "enabled")
    return all.mendable(name, fmt::format("{} is not enabled: {}.", name, unit.without),
                        "systemctl --user enable --now " + name);
  // That one belongs to graphical-session.target, so it rests where there is no desktop.
  const bool runs_now = name == "forgelink-graphical.service" ? graphical : unit.can_be_enabled;
  if (runs_now && is["ActiveState"] != "active")
    return all.mendable(name, fmt::format("{} is enabled, but not active now: {}.", name, unit.without),
                        "systemctl --user start " + name);
  all.good(name, fmt::format("{} is {}.", name,
                             unit.can_be_enabled             ? "enabled"
                             : is["ActiveState"] == "active" ? "active"
                                                             : "there"));
}

}  // namespace

void look_at_units(Findings& all) {
  if (!has_user_manager())
    return all.note("systemd",
                    "There is no systemd user manager here; the daemon is started when it is needed.");
  auto socket = properties_of("forgelink.socket");
  if (socket.empty())
    return all.bad("systemd", "The systemd user manager does not answer.", "systemctl --user status");
  if (socket["LoadState"] == "not-found")
    return all.note("systemd",
                    "The units are not installed; the daemon is started when it is needed, and session "
                    "tokens stay after a logout until its next start.");
  if (socket["NeedDaemonReload"] == "yes")
    all.mendable("systemd", "The units have changed since systemd read them.",
                 "systemctl --user daemon-reload");
  const bool graphical = properties_of("graphical-session.target")["ActiveState"] == "active";
  for (const Unit& unit :
       {Unit{"forgelink.socket", "the daemon is not started by systemd", true},
        Unit{"forgelink.service", "systemd cannot run the daemon", false},
        Unit{"forgelink-session.service", "session tokens stay after a logout until the next start", true},
        Unit{"forgelink-graphical.service",
             "session tokens stay when the desktop ends while you stay logged in elsewhere", true}})
    examine_unit(all, unit, graphical);
  if (output_of({"loginctl", "show-user", "--value", "-p", "Linger", variable("USER")}) == "yes")
    all.note("systemd",
             "Your user manager stays after a logout (linger); session tokens end all the same, as logind "
             "tells the daemon of it.");
}

}  // namespace forgelink::cli::doctor
