// SPDX-License-Identifier: MIT
#include "clients/daemon_start.hpp"

#include "base/owner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

extern char** environ;

namespace forgelink {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

bool is_forbidden() {
  const char* value = std::getenv("FORGELINK_NO_AUTOSTART");
  return value != nullptr && *value != '\0' && std::strcmp(value, "0") != 0;
}

std::optional<fs::path> daemon_program() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error && access((self.parent_path() / "forgelinkd").c_str(), X_OK) == 0)
    return self.parent_path() / "forgelinkd";
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin";
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    const fs::path program = fs::path(folder) / "forgelinkd";
    if (program.is_absolute() && access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

// The socket that systemd listens on is the usual one; another place is nobody's but ours to serve.
bool systemd_has_the_socket(const fs::path& socket) {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime == nullptr || socket != fs::path(runtime) / "forgelink" / "socket") return false;
  // The socket of the user's service manager; without it systemctl could only fail.
  return access((fs::path(runtime) / "systemd" / "private").c_str(), F_OK) == 0;
}

// `systemctl --user start forgelink.socket`, quietly, for so long at most.
bool started_by_systemd(Clock::time_point until) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int descriptor : {0, 1, 2})
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  const char* arguments[] = {"systemctl", "--user", "--quiet", "start", "forgelink.socket", nullptr};
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, "systemctl", &actions, nullptr, const_cast<char**>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return false;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (Clock::now() >= until) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// A process that is not our child, by its pidfd, and what it writes to standard error; -1 if they are not
// known.
class Process {
 public:
  explicit Process(int pidfd = -1, int errors = -1) : pidfd_(pidfd), errors_(errors) {}
  Process(Process&& other) noexcept
      : pidfd_(std::exchange(other.pidfd_, -1)), errors_(std::exchange(other.errors_, -1)) {}
  ~Process() {
    for (const int one : {pidfd_, errors_}) {
      if (one >= 0) close(one);
    }
  }

  // The last sentence that it said in its own name; "" if it said none. Waits a little for its end.
  std::string last_sentence() const {
    constexpr int patience = 2000;  // milliseconds
    pollfd end{.fd = pidfd_, .events = POLLIN, .revents = 0};
    if (pidfd_ >= 0) poll(&end, 1, patience);
    std::string said = "\n";
    char piece[1024];
    for (ssize_t got = 0; errors_ >= 0 && (got = read(errors_, piece, sizeof piece)) > 0;)
      said.append(piece, static_cast<std::size_t>(got));
    constexpr std::string_view who = "\nforgelinkd: ";
    const auto begin = said.rfind(who);
    return begin == std::string::npos ? "" : first_line(said.substr(begin + who.size()));
  }

  bool has_ended() const {
    pollfd end{.fd = pidfd_, .events = POLLIN, .revents = 0};
    return pidfd_ >= 0 && poll(&end, 1, 0) == 1;
  }

 private:
  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  int pidfd_, errors_;
};

// Runs the daemon as nobody's child, in a session of its own, holding none of our files; `heard` keeps a pipe
// for its standard error. The daemon ignores SIGPIPE: what it says once we have gone is dropped.
Process run_detached(const fs::path& program, const fs::path& socket, bool heard) {
  int born[2] = {-1, -1}, errors[2] = {-1, -1};
  if (pipe2(born, O_CLOEXEC) != 0) return Process();
  if (heard && pipe2(errors, O_CLOEXEC) == 0) fcntl(errors[0], F_SETFL, O_NONBLOCK);
  const pid_t child = fork();
  if (child != 0) {
    close(born[1]);
    pid_t daemon = 0;
    const bool known = child > 0 && read(born[0], &daemon, sizeof daemon) == sizeof daemon;
    close(born[0]);
    if (errors[1] >= 0) close(errors[1]);
    if (child > 0) waitpid(child, nullptr, 0);
    return Process(known ? static_cast<int>(syscall(SYS_pidfd_open, daemon, 0)) : -1, errors[0]);
  }
  setsid();
  // Forked again: no leader of its session, it never gets a controlling terminal, and init reaps it.
  const pid_t daemon = fork();
  if (daemon != 0) _exit(write(born[1], &daemon, sizeof daemon) == sizeof daemon ? 0 : 1);
  const int nothing = open("/dev/null", O_RDWR);
  for (int descriptor : {0, 1, 2}) dup2(descriptor == 2 && errors[1] >= 0 ? errors[1] : nothing, descriptor);
  // A pipe of ours would keep git waiting for its end.
  close_range(3, ~0u, 0);
  if (chdir("/") != 0) _exit(1);
  execl(program.c_str(), "forgelinkd", "--socket", socket.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

// The sentence of `forgelinkd --check-config` on settings that are wrong; else "".
std::string trouble_with_settings(const fs::path& program) {
  int said[2] = {-1, -1};
  if (pipe2(said, O_CLOEXEC) != 0) return "";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, said[1], 2);
  const char* arguments[] = {"forgelinkd", "--check-config", nullptr};
  pid_t child = 0;
  const int failed =
      posix_spawn(&child, program.c_str(), &actions, nullptr, const_cast<char**>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(said[1]);
  std::string sentence;
  char piece[1024];
  for (ssize_t got = 0; failed == 0 && (got = read(said[0], piece, sizeof piece)) > 0;)
    sentence.append(piece, static_cast<std::size_t>(got));
  close(said[0]);
  if (failed != 0) return "";
  waitpid(child, nullptr, 0);
  constexpr std::string_view who = "forgelinkd: ";
  if (sentence.starts_with(who)) sentence.erase(0, who.size());
  while (sentence.ends_with('\n')) sentence.pop_back();
  return sentence;
}

// `ended`: a daemon that ended, and was heard.
std::string why_not_started(const std::optional<fs::path>& program, const std::optional<Process>& ended) {
  std::string trouble = ended ? ended->last_sentence() : "";
  if (trouble.empty() && program) trouble = trouble_with_settings(*program);
  if (!trouble.empty()) return "The daemon cannot start: " + trouble;
  return std::string("The daemon ") + (ended ? "ended at once" : "did not come up") +
         "; see why: forgelink doctor";
}

}  // namespace

std::optional<ipc::Client> connect_or_start(ipc::Client::Duration limit, std::string& why) {
  fs::path socket = ipc::socket_path();
  if (!socket.empty()) socket = fs::absolute(socket);
  auto until = Clock::now() + limit;
  if (auto client = ipc::Client::connect(socket, limit, why)) return client;
  if (!why.empty()) return std::nullopt;
  why = foreign_environment({socket.parent_path()});
  if (!why.empty()) return std::nullopt;

  if (is_forbidden()) {
    why = "No daemon listens on " + socket.string() + ", and FORGELINK_NO_AUTOSTART forbids to start one.";
    return std::nullopt;
  }
  const auto program = daemon_program();
  const bool by_systemd = systemd_has_the_socket(socket) && started_by_systemd(until);
  if (!by_systemd && !program) {
    why = "No daemon listens on " + socket.string() +
          ", and forgelinkd is neither beside this program nor on the PATH.";
    return std::nullopt;
  }
  const Process daemon = by_systemd ? Process() : run_detached(*program, socket, false);
  std::optional<Process> again;
  for (auto pause = std::chrono::milliseconds(2); Clock::now() < until;
       pause = std::min(pause * 2, std::chrono::milliseconds(50))) {
    if (auto client = ipc::Client::connect(socket, limit, why)) return client;
    if (!why.empty()) return std::nullopt;
    if (!again && daemon.has_ended()) {
      // Once more, to hear why. One that another program started in the same moment may be the one that
      // stays.
      again.emplace(run_detached(*program, socket, true));
      until = std::min(until, Clock::now() + std::chrono::milliseconds(500));
    }
    std::this_thread::sleep_for(pause);
  }
  why = why_not_started(program, again);
  return std::nullopt;
}

}  // namespace forgelink
