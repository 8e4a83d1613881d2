// doctor: looks at everything Forgelink needs, and says in a sentence what is wrong and what mends it
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "base/paths.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/process.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

// One thing looked at. `mend` is the command that mends it; `args` the same for us to run.
struct Finding {
  std::string about, state, sentence, mend;  // state: good, note, bad
  std::vector<std::string> args;
};

using Findings = std::vector<Finding>;

void add(Findings& all, std::string about, std::string state, std::string sentence, std::string mend = {},
         std::vector<std::string> args = {}) {
  all.push_back({std::move(about), std::move(state), std::move(sentence), std::move(mend), std::move(args)});
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

void look_at_bus(Findings& all) {
  const bool bus = !environment("DBUS_SESSION_BUS_ADDRESS").empty() || fs::exists(runtime_dir() / "bus");
  if (bus) {
    add(all, "session bus", "good", "There is a session bus.");
  } else {
    add(all, "session bus", "note", "There is no session bus here, so tokens can only be kept in memory.",
        "log in to a session, or: apt install dbus-user-session");
  }
}

void look_at_socket(Findings& all) {
  const fs::path socket = ipc::socket_path();
  struct stat file {
  }, folder{};
  if (lstat(socket.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) {
    add(all, "socket", "bad", fmt::format("There is no socket at {}.", socket.string()),
        "forgelink status (it starts the daemon)");
    return;
  }
  stat(socket.parent_path().c_str(), &folder);
  const bool open_to_others = (file.st_mode & 0077) != 0 || (folder.st_mode & 0077) != 0;
  if (open_to_others) {
    const std::string command = fmt::format("chmod 700 {} && chmod 600 {}",
                                            quoted(socket.parent_path().string()), quoted(socket.string()));
    add(all, "socket", "bad",
        "Others may open the socket's file or folder (the daemon refuses them all the same).", command,
        {"sh", "-c", command});
  } else {
    add(all, "socket", "good", fmt::format("{} is for you alone.", socket.string()));
  }
}

void look_at_daemon(Findings& all, const json::value& status) {
  add(all, "daemon", "good",
      fmt::format("forgelinkd {} answers, process {}.", text(status, "version"), text(status, "pid")));
  const json::value* store = member(status, "secret_store");
  const std::string backend = text(*store, "backend"), state = text(*store, "state"),
                    trouble = text(*store, "trouble");
  if (backend == "memory") {
    add(all, "keyring", "note", trouble.empty() ? "Tokens are kept in memory." : trouble,
        "apt install gnome-keyring, and log in again");
  } else if (state == "available") {
    add(all, "keyring", "good", "The keyring is there and unlocked.");
  } else {
    add(all, "keyring", "bad", trouble,
        state == "locked" ? "unlock it: forgelink verify NAME asks for its password"
                          : "log out and in again");
  }
  if (text(*store, "memory_locked") == "false")
    add(all, "memory", "note", "The system gives no memory that is kept out of swap.",
        "raise the limit `memlock` in /etc/security/limits.conf");
}

void look_at_units(Findings& all) {
  if (!fs::exists(runtime_dir() / "systemd" / "private")) {
    add(all, "systemd", "note",
        "There is no systemd user manager here; the daemon is started when it is needed.");
    return;
  }
  for (const char* unit : {"forgelink.socket", "forgelink-session.service"}) {
    const std::string state = trimmed(run_program({"systemctl", "--user", "is-enabled", unit}, true).output);
    if (state == "enabled") {
      add(all, unit, "good", fmt::format("{} is enabled.", unit));
    } else {
      const std::string what = std::string(unit) == "forgelink.socket"
                                   ? "the daemon is not started by systemd"
                                   : "session tokens stay after a logout until the next start";
      add(all, unit, "bad", fmt::format("{} is not enabled: {}.", unit, what),
          fmt::format("systemctl --user enable --now {}", unit),
          {"systemctl", "--user", "enable", "--now", unit});
    }
  }
}

void look_at_machine(Findings& all) {
  if (std::time(nullptr) < 1'767'225'600) {  // 2026: before this program was written
    add(all, "clock", "bad", "The clock is years behind, so certificates and token dates look wrong.",
        "timedatectl set-ntp true");
  } else {
    add(all, "clock", "good", "The clock says a year that can be.");
  }
  std::string proxies;
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
    if (!environment(name).empty()) proxies += (proxies.empty() ? "" : ", ") + std::string(name);
  }
  if (!proxies.empty())
    add(all, "proxy", "note",
        fmt::format("The environment names a proxy ({}); it counts if the daemon was started with it.",
                    proxies));
  if (fs::exists("/etc/ssl/certs/ca-certificates.crt")) {
    add(all, "certificates", "good", "There is a store of trusted authorities.");
  } else {
    add(all, "certificates", "bad", "There is no store of trusted authorities, so no forge can be trusted.",
        "apt install ca-certificates");
  }
  if (has_display()) {
    const bool opens = run_program({"sh", "-c", "command -v xdg-open"}, true).status == 0;
    if (!opens)
      add(all, "browser", "note", "xdg-open is missing: pages are printed, not opened.",
          "apt install xdg-utils");
  } else {
    add(all, "browser", "note", "There is no display: sign in with GitHub by --device or a pasted address.");
  }
}

void look_at_git(Findings& all, const json::value& status) {
  if (run_program({"git", "--version"}, true).status != 0) {
    add(all, "git", "bad", "git is not installed.", "apt install git");
    return;
  }
  std::size_t missing = 0;
  for (const json::value& host : status.at("git_hosts").as_array()) {
    const std::string key = "credential." + std::string(host.as_string()) + ".helper";
    const std::string helpers = run_program({"git", "config", "--global", "--get-all", key}, true).output;
    if (helpers.find("forgelink") == std::string::npos) ++missing;
  }
  if (missing > 0) {
    add(all, "git", "bad", fmt::format("git does not ask Forgelink for {} of its hosts.", missing),
        "forgelink git setup", {fs::read_symlink("/proc/self/exe").string(), "git", "setup"});
  } else {
    add(all, "git", "good", "git asks Forgelink for its hosts, and no other helper is told.");
  }
  const std::string plain = run_program({"git", "config", "--get-all", "credential.helper"}, true).output;
  if (plain.find("store") != std::string::npos) {
    add(all, "git", "note", "The helper `store` writes passwords of other hosts to a file in plain text.",
        "git config --global --unset-all credential.helper '^store'");
  }
}

void look_at_connections(Findings& all, const json::value& list) {
  for (const json::value& connection : list.at("connections").as_array()) {
    const json::value* token = member(connection, "token");
    const std::string state = token != nullptr ? text(*token, "state") : "", name = text(connection, "name");
    if (state == "missing" || state == "expired" || state == "rejected") {
      add(all, "connection", "bad", fmt::format("The token of “{}” is {}.", name, state),
          "forgelink edit " + quoted(name));
    } else if (state == "unverified") {
      add(all, "connection", "note",
          fmt::format("The token of “{}” was never verified. {}", name, text(connection, "hint")),
          "forgelink verify " + quoted(name));
    } else if (token != nullptr && !member(*token, "missing_scopes")->as_array().empty()) {
      add(all, "connection", "bad",
          fmt::format("The token of “{}” lacks scopes: {}.", name,
                      json::serialize(*member(*token, "missing_scopes"))),
          "forgelink edit " + quoted(name));
    }
  }
}

void doctor(Session& session, bool fix) {
  Findings all;
  look_at_bus(all);
  const json::value status = session.call("daemon.status");
  look_at_socket(all);
  look_at_daemon(all, status);
  look_at_units(all);
  look_at_machine(all);
  look_at_git(all, status);
  look_at_connections(all, session.call("connection.list", {{"limit", 1000}}));

  bool trouble = false;
  json::array out;
  for (Finding& finding : all) {
    bool mended = false;
    if (fix && finding.state == "bad" && !finding.args.empty())
      mended = run_program(finding.args, true).status == 0;
    if (mended) finding.state = "mended";
    trouble |= finding.state == "bad";
    json::object entry{{"about", finding.about}, {"state", finding.state}, {"sentence", finding.sentence}};
    if (!finding.mend.empty()) entry["mend"] = finding.mend;
    out.emplace_back(std::move(entry));
    if (session.json_output) continue;
    const char* mark = finding.state == "good"     ? "ok   "
                       : finding.state == "note"   ? "note "
                       : finding.state == "mended" ? "fixed"
                                                   : "BAD  ";
    print(fmt::format("{} {}\n", mark, clean(finding.sentence)));
    if (finding.state != "good" && finding.state != "mended" && !finding.mend.empty())
      print(fmt::format("      mend it: {}\n", clean(finding.mend)));
  }
  if (session.json_output) print(json::object{{"findings", std::move(out)}});
  if (trouble) throw Exit{1};
}

}  // namespace

void declare_doctor(CLI::App& app, Session& session) {
  static bool fix = false;
  CLI::App* c = command(app, session, "doctor", "Look for what is wrong, and say what mends it");
  c->add_flag("--fix", fix, "Mend what can be mended by a command");
  c->callback([&] { doctor(session, fix); });
}

}  // namespace forgelink::cli
