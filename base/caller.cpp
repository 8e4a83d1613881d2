// SPDX-License-Identifier: MIT
#include "base/caller.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#ifndef SO_PEERPIDFD
// Since Linux 6.5; the headers of Debian 12 do not name it yet.
#define SO_PEERPIDFD 77
#endif

namespace forgelink {
namespace {

// Bounds the reads of /proc for one client.
constexpr std::size_t longest_chain = 32;

// What login sessions begin with: behind it there is no program of the person's. Names are cut after 15
// bytes, as the kernel keeps them (proc(5), comm).
constexpr std::string_view session_leaders[] = {"systemd",      "init", "login",           "sshd",
                                                "sshd-session", "su",   "gdm-session-wor", "sddm-helper",
                                                "lightdm",      "xinit"};
constexpr std::string_view shells[] = {"sh",   "bash", "dash", "zsh",    "fish",    "ksh",  "mksh", "ash",
                                       "tcsh", "csh",  "yash", "elvish", "busybox", "pwsh", "nu"};
constexpr std::string_view runners[] = {"env",   "timeout", "nice",    "nohup",   "setsid",  "stdbuf",
                                        "xargs", "sudo",    "doas",    "time",    "script",  "ionice",
                                        "chrt",  "setpriv", "taskset", "unshare", "nsenter", "flock"};
constexpr std::pair<std::string_view, std::string_view> known_names[] = {
    {"code", "Visual Studio Code"},
    {"code-insiders", "Visual Studio Code Insiders"},
    {"codium", "VSCodium"},
    {"cursor", "Cursor"},
    {"zed-editor", "Zed"},
    {"idea", "IntelliJ IDEA"},
    {"clion", "CLion"},
    {"pycharm", "PyCharm"},
    {"webstorm", "WebStorm"},
    {"goland", "GoLand"},
    {"rider", "Rider"},
    {"emacs", "Emacs"},
    {"gnome-builder", "GNOME Builder"},
    {"gnome-terminal-server", "GNOME Terminal"},
    {"gnome-console", "GNOME Console"},
    {"kgx", "GNOME Console"},
    {"ptyxis", "Ptyxis"},
    {"konsole", "Konsole"},
    {"kate", "Kate"},
    {"xfce4-terminal", "Xfce Terminal"},
    {"tmux: server", "tmux"},
    {"gh", "GitHub CLI"},
    {"glab", "GitLab CLI"},
    {"gitg", "gitg"},
    {"gitk", "gitk"},
    {"gitkraken", "GitKraken"},
    {"smartgit", "SmartGit"},
    {"github-desktop", "GitHub Desktop"},
};

template <class List>
bool is_in(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

std::string_view file_name_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view called(const Process& process) {
  return process.executable.empty() ? std::string_view(process.name) : file_name_of(process.executable);
}

// A link in the folder of a process; "" if it may not be read.
std::string link_of(pid_t pid, const char* name) {
  char path[64], target[PATH_MAX];
  std::snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  const ssize_t size = readlink(path, target, sizeof target);
  if (size <= 0) return "";
  std::string_view text(target, static_cast<std::size_t>(size));
  constexpr std::string_view gone = " (deleted)";  // replaced by an upgrade while it runs
  if (text.ends_with(gone)) text.remove_suffix(gone.size());
  return std::string(text);
}

// proc(5): pid (comm) state ppid …, the start time is the 22nd. The name may hold blanks and parentheses.
std::optional<Process> read_process(pid_t pid) {
  char path[32], text[1024];
  std::snprintf(path, sizeof path, "/proc/%d/stat", pid);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  const ssize_t size = read(file, text, sizeof text);
  close(file);
  if (size <= 0) return std::nullopt;
  const std::string_view stat(text, static_cast<std::size_t>(size));
  const auto begin = stat.find('('), end = stat.rfind(')');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return std::nullopt;
  Process process{.pid = pid, .name = std::string(stat.substr(begin + 1, end - begin - 1))};
  std::string_view rest = stat.substr(end + 1);
  for (int field = 3; field <= 22 && !rest.empty(); ++field) {
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    const auto stop = std::min(rest.size(), rest.find(' '));
    const char *first = rest.data(), *last = rest.data() + stop;
    if (field == 4) std::from_chars(first, last, process.parent);
    if (field == 22) std::from_chars(first, last, process.started);
    rest.remove_prefix(stop);
  }
  process.executable = link_of(pid, "exe");
  return process;
}

// The command line hides itself from others of the user (PR_SET_DUMPABLE), and so hides its path from us. It
// stands beside the daemon; its name is believed, as all of this is no wall.
void find_own_command(Process& process) {
  if (!process.executable.empty() || process.name != "forgelink") return;
  const std::string own = link_of(getpid(), "exe");
  process.executable = own.substr(0, own.rfind('/') + 1) + "forgelink";
}

bool has_ended(int pidfd) {
  pollfd ended{.fd = pidfd, .events = POLLIN, .revents = 0};
  return poll(&ended, 1, 0) != 0;
}

std::vector<Process> chain_from(Process first) {
  std::vector<Process> chain = {std::move(first)};
  while (chain.size() < longest_chain && only_runs_others(called(chain.back())) && chain.back().parent > 1) {
    std::optional<Process> parent = read_process(chain.back().parent);
    // A parent is older than its child, else it is another process under the same number.
    if (!parent || parent->started > chain.back().started || is_in(session_leaders, parent->name)) break;
    find_own_command(*parent);
    chain.push_back(std::move(*parent));
  }
  return chain;
}

}  // namespace

bool only_runs_others(std::string_view name) {
  return name == "git" || name.starts_with("git-") || is_in(shells, name) || is_in(runners, name);
}

std::size_t program_in(const std::vector<Process>& chain) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (!only_runs_others(called(chain[i]))) return i;
  }
  return chain.size() - 1;
}

std::string program_name(std::string_view executable) {
  const std::string_view name = file_name_of(executable);
  for (const auto& [file, known] : known_names) {
    if (file == name) return std::string(known);
  }
  return std::string(name);
}

std::uint64_t ticks_now() {
  timespec now{};
  // The clock in which /proc/PID/stat tells the start of a process.
  clock_gettime(CLOCK_BOOTTIME, &now);
  const auto per_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
  return static_cast<std::uint64_t>(now.tv_sec) * per_second +
         static_cast<std::uint64_t>(now.tv_nsec) * per_second / 1'000'000'000;
}

Caller caller_of(int socket, std::uint64_t accepted) {
  Caller caller;
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return caller;
  caller.pid = peer.pid;
  int pidfd = -1;
  size = sizeof pidfd;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size) != 0) pidfd = -1;
  std::optional<Process> process = read_process(peer.pid);
  if (process) find_own_command(*process);
  std::string directory = link_of(peer.pid, "cwd");
  // Read first, asked for its end afterwards: a number is given to another only after that.
  // Before Linux 6.5 only the start time tells: a process that is younger than the connection did not open
  // it. One tick is left for rounding.
  const bool another = pidfd >= 0 ? has_ended(pidfd) : process && process->started > accepted + 1;
  if (pidfd >= 0) close(pidfd);
  if (!process || another) return caller;

  caller.chain = chain_from(std::move(*process));
  // A helper that hides itself was started in the folder where git runs.
  for (std::size_t i = 1; directory.empty() && i < caller.chain.size(); ++i)
    directory = link_of(caller.chain[i].pid, "cwd");
  caller.directory = std::move(directory);
  const Process& program = caller.chain[program_in(caller.chain)];
  caller.pid = program.pid;
  caller.executable = program.executable.empty() ? program.name : program.executable;
  caller.program = program_name(caller.executable);
  return caller;
}

}  // namespace forgelink
