// SPDX-License-Identifier: MIT
// The daemon and its socket.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/paths.hpp"
#include "base/shell_word.hpp"
#include "base/version.hpp"
#include "clients/cli/access_words.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/doctor/listeners.hpp"
#include "clients/cli/process.hpp"
#include "ipc/client.hpp"

namespace forgelink::cli::doctor {
namespace {

namespace fs = std::filesystem;

bool may_start() {
  const std::string forbidden = variable("FORGELINK_NO_AUTOSTART");
  return forbidden.empty() || forbidden == "0";
}

// What forgelinkd itself says is wrong, without its name before it; "" if it says nothing.
std::string own_sentence(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"sh", "-c", "exec timeout -k 1 3 \"$@\" 2>&1", "sh"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Finished done = run_program(words, true);
  constexpr std::string_view name = "forgelinkd: ";
  // Why it ends it says last, after what it logs.
  const auto begin = done.output.rfind(name);
  // 124 is timeout(1)'s: it started and had to be ended, so nothing keeps it from starting.
  if (done.status == 0 || done.status == 124 || begin == std::string::npos) return "";
  return done.output.substr(begin + name.size(), done.output.find('\n', begin) - begin - name.size());
}

// The process that holds the registry; 0 for none.
pid_t holder_of_registry() {
  const fs::path lock = data_home() / "forgelink" / "connections.lock";
  const int file = open(lock.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock asked {};
  asked.l_type = F_WRLCK;
  asked.l_whence = SEEK_SET;
  // Asks without taking the lock, which a daemon that starts just now would take for another daemon's.
  const bool held = fcntl(file, F_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
  close(file);
  return held ? asked.l_pid : 0;
}

// What makes this shell look where the daemon listens.
std::string way_to(const fs::path& socket) {
  const std::string unset = variable("FORGELINK_SOCKET").empty() ? "" : "unset FORGELINK_SOCKET";
  if (!unset.empty() && socket == runtime_dir() / "forgelink" / "socket") return unset;
  const bool usual = socket.filename() == "socket" && socket.parent_path().filename() == "forgelink";
  if (!usual) return "export FORGELINK_SOCKET=" + quoted(socket.string());
  return (unset.empty() ? "" : unset + "; ") +
         "export XDG_RUNTIME_DIR=" + quoted(socket.parent_path().parent_path().string());
}

// A daemon that is there, though nobody answers where this shell looks. One that answers elsewhere is left
// alone: tokens that it keeps in memory would end with it.
void look_at_holder(Findings& all, pid_t holder) {
  const std::string here = ipc::socket_path().string();
  const bool has_no_place = variable("XDG_RUNTIME_DIR").empty() && variable("FORGELINK_SOCKET").empty();
  const std::string why = has_no_place ? " (XDG_RUNTIME_DIR is not set)" : "";
  if (const fs::path socket = socket_of(holder); !socket.empty() && socket != here)
    return all.bad("daemon",
                   fmt::format("The daemon, process {}, is well and listens at {}, but this shell looks for "
                               "it at {}{}.",
                               holder, socket.string(), here, why),
                   way_to(socket));
  const std::string sentence = fmt::format(
      "A daemon, process {}, holds your connections, but does not answer at {}{}.", holder, here, why);
  all.bad("daemon", sentence,
          has_no_place ? "" : fmt::format("kill {}; sleep 2; {} status", holder, this_program()));
}

void look_why_there_is_none(Findings& all, const Daemon& daemon) {
  if (ipc::is_kept_from_daemon()) return all.note("daemon", daemon.unreached);
  const std::string program = our_program("forgelinkd");
  if (program.empty()) return all.bad("daemon", "forgelinkd is neither beside this program nor on the PATH.");
  if (const std::string wrong = own_sentence({program, "--check-config"}); !wrong.empty()) {
    return all.bad(
        "settings", "The daemon does not start, because of its settings: " + wrong,
        fmt::format("${{EDITOR:-vi}} {}", quoted((config_home() / "forgelink" / "config.toml").string())));
  }
  if (const pid_t holder = holder_of_registry(); holder > 0) return look_at_holder(all, holder);
  if (!may_start())
    return all.bad("daemon", daemon.unreached, "env -u FORGELINK_NO_AUTOSTART " + this_program() + " status");
  if (has_user_manager() && output_of({"systemctl", "--user", "is-failed", "forgelink.service"})) {
    return all.bad("daemon", "The daemon has failed; see the journal.",
                   "journalctl --user -n 20 --no-pager -u forgelink.service");
  }
  const std::string said = own_sentence({program, "--socket", fs::absolute(ipc::socket_path()).string()});
  all.bad("daemon", said.empty() ? daemon.unreached : "The daemon does not start: " + said, quoted(program));
}

}  // namespace

void look_at_daemon(Findings& all, const Daemon& daemon) {
  if (!daemon.status) return look_why_there_is_none(all, daemon);
  if (const auto& policy = daemon.status->policy) {
    all.note("policy", fmt::format("An administrator's policy is in force: {}.{}", policy->file,
                                   policy->contact ? " " + *policy->contact : ""));
  }
  if (daemon.is_lent()) return all.note("daemon", std::string(lent_socket_serves));
  if (daemon.status->locked) all.note("lock", locked_in_words, this_program() + " unlock");
  const std::string version = daemon.status->version, pid = std::to_string(daemon.status->pid);
  std::error_code hidden;
  const std::string program = fs::read_symlink("/proc/" + pid + "/exe", hidden).string();
  if (version != FORGELINK_VERSION) {
    all.bad(
        "daemon",
        fmt::format("The daemon is version {}, this program {}: it was not started again since the upgrade.",
                    version, FORGELINK_VERSION),
        restart_command(daemon));
  } else if (!hidden && program.ends_with(" (deleted)")) {
    // proc(5): its file was unlinked, as an upgrade to another build of the same version does.
    all.bad("daemon", "The daemon still runs from a program file that has been replaced since.",
            restart_command(daemon));
  } else {
    all.good("daemon", fmt::format("forgelinkd {} answers, process {}.", version, pid));
  }
}

void look_at_socket(Findings& all, const Daemon& daemon) {
  const fs::path socket = ipc::socket_path(), folder = socket.parent_path();
  struct stat of_file {
  }, of_folder{};
  if (lstat(socket.c_str(), &of_file) != 0 || stat(folder.c_str(), &of_folder) != 0) {
    if (!daemon.status) return;  // said already
    return all.bad("socket", fmt::format("There is no socket at {}.", socket.string()),
                   restart_command(daemon));
  }
  if (!S_ISSOCK(of_file.st_mode))
    return all.bad("socket", fmt::format("{} is not a socket but stands in its place.", socket.string()),
                   "ls -l " + quoted(socket.string()));
  if (!daemon.status && !is_listened_to(socket.string()))
    return all.note("socket",
                    fmt::format("{} is left over from a daemon that is gone; the next one replaces it.",
                                socket.string()));
  std::string command;
  // Not a folder like /tmp, where a person may have put the socket.
  const bool ours = of_folder.st_uid == getuid() && folder.filename() == "forgelink";
  if (ours && (of_folder.st_mode & 0077) != 0) command = "chmod 700 " + quoted(folder.string());
  if ((of_file.st_mode & 0077) != 0)
    command += (command.empty() ? "" : " && ") + ("chmod 600 " + quoted(socket.string()));
  if (command.empty()) return all.good("socket", fmt::format("{} is for you alone.", socket.string()));
  all.mendable("socket",
               "Others may open the socket's file or folder (the daemon refuses them all the same).",
               command);
}

}  // namespace forgelink::cli::doctor
