// SPDX-License-Identifier: MIT
#include "tests/support/private_bus.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace forgelink {
namespace {

// dbus-daemon prints its address once it listens.
constexpr int print_to = 3;

}  // namespace

bool PrivateBus::possible() { return access("/usr/bin/dbus-daemon", X_OK) == 0; }

PrivateBus::PrivateBus() {
  const std::string address = "unix:path=" + (home_.folder() / "bus").string();
  const std::string file = (home_.folder() / "bus.conf").string();
  std::ofstream(file)
      << "<busconfig><type>session</type><listen>" << address
      << "</listen><policy context=\"default\"><allow send_destination=\"*\" "
         "eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";
  home_.set("DBUS_SESSION_BUS_ADDRESS", address);
  home_.set("DBUS_SYSTEM_BUS_ADDRESS", address);
  std::vector<std::string> words{"dbus-daemon", "--nofork", "--nosyslog", "--config-file=" + file,
                                 "--print-address=" + std::to_string(print_to)};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ready[1], print_to);
  for (int descriptor : {1, 2})
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0);
  const int failed = posix_spawnp(&process_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ready[1]);
  pollfd listens{.fd = ready[0], .events = POLLIN, .revents = 0};
  const bool started = failed == 0 && poll(&listens, 1, 5'000) == 1 && (listens.revents & POLLIN) != 0;
  close(ready[0]);
  if (!started) {
    stop();
    throw std::runtime_error("dbus-daemon did not start");
  }
}

PrivateBus::~PrivateBus() { stop(); }

void PrivateBus::stop() {
  if (process_ <= 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

}  // namespace forgelink
