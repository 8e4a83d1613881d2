// SPDX-License-Identifier: MIT
#include "clients/cli/doctor/finding.hpp"

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/paths.hpp"
#include "base/shell_word.hpp"
#include "clients/cli/process.hpp"

namespace forgelink::cli::doctor {

namespace fs = std::filesystem;

void Findings::good(std::string about, std::string sentence) {
  all_.push_back({std::move(about), Finding::State::good, std::move(sentence), {}});
}
void Findings::note(std::string about, std::string sentence, std::string mend) {
  all_.push_back({std::move(about), Finding::State::note, std::move(sentence), std::move(mend)});
}
void Findings::bad(std::string about, std::string sentence, std::string mend) {
  all_.push_back({std::move(about), Finding::State::bad, std::move(sentence), std::move(mend)});
}
void Findings::mendable(std::string about, std::string sentence, std::string mend) {
  all_.push_back({std::move(about), Finding::State::bad, std::move(sentence), std::move(mend), true});
}

void Findings::by_hand(std::string about, std::string sentence, std::vector<std::string> lines) {
  all_.push_back({.about = std::move(about),
                  .state = Finding::State::bad,
                  .sentence = std::move(sentence),
                  .mend = {},
                  .lines = std::move(lines)});
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string our_program(const std::string& name) {
  std::error_code error;
  const fs::path beside = fs::read_symlink("/proc/self/exe", error).parent_path() / name;
  if (!error && access(beside.c_str(), X_OK) == 0) return beside.string();
  return output_of({"sh", "-c", "command -v " + quoted(name)}).value_or("");
}

std::string this_program() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const auto found = output_of({"sh", "-c", "command -v forgelink"});
  if (found && fs::weakly_canonical(*found, error) == self) return "forgelink";
  return quoted(self.string());
}

std::string as_root(const std::string& command) { return geteuid() == 0 ? command : "sudo " + command; }
std::string install(const std::string& package) { return as_root("apt-get install " + package); }

bool has_program(const std::string& name) {
  return output_of({"sh", "-c", "command -v " + quoted(name)}).has_value();
}

std::optional<std::string> output_of(std::vector<std::string> arguments, int seconds) {
  arguments.insert(arguments.begin(), {"timeout", "-k", "1", std::to_string(seconds)});
  Finished done = run_program(arguments, true);
  if (done.status != 0) return std::nullopt;
  while (done.output.ends_with('\n')) done.output.pop_back();
  return done.output;
}

bool has_user_manager() { return fs::exists(runtime_dir() / "systemd" / "private"); }

bool is_listened_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int socket_there = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool answers =
      connect(socket_there, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      // Its queue is full (connect(2)), so somebody holds the socket open.
      errno == EAGAIN;
  close(socket_there);
  return answers;
}

std::string restart_command(const Daemon& daemon) {
  if (has_user_manager() && output_of({"systemctl", "--user", "is-active", "forgelink.service"}))
    return "systemctl --user restart forgelink.service";
  const std::string start = this_program() + " status";
  // The next one cannot start before this one has let go of the registry.
  return daemon.status ? fmt::format("kill {}; sleep 2; {}", daemon.status->pid, start) : start;
}

}  // namespace forgelink::cli::doctor
