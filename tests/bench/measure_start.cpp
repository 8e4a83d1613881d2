// SPDX-License-Identifier: MIT
// How long it takes from the start of a daemon to its first reply.
//
//   measure_start ROUNDS SOCKET COMMAND...
//
// Starts COMMAND, tries SOCKET until somebody listens, asks daemon.status, reads the reply, ends the daemon
// by SIGTERM and waits for it. Prints median and worst in microseconds.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "tests/bench/timing.hpp"

extern char** environ;

namespace {

using namespace forgelink::bench;

constexpr std::string_view request = R"({"jsonrpc":"2.0","id":1,"method":"daemon.status"})"
                                     "\n";

bool answers(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool replied = false;
  if (connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      write(client, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
    char piece[8192];
    for (ssize_t got = 1; got > 0 && !replied;) {
      got = read(client, piece, sizeof piece);
      replied = got > 0 && piece[got - 1] == '\n';
    }
  }
  close(client);
  return replied;
}

double start_once(char** command, const char* socket, const posix_spawn_file_actions_t* quiet) {
  const auto begin = Clock::now();
  pid_t child = 0;
  if (posix_spawnp(&child, command[0], quiet, nullptr, command, environ) != 0) {
    std::perror("measure_start");
    std::exit(1);
  }
  while (!answers(socket)) {
    if (microseconds_since(begin) > 30e6 || waitpid(child, nullptr, WNOHANG) != 0) {
      std::fputs("measure_start: the daemon did not come up\n", stderr);
      kill(child, SIGKILL);
      std::exit(1);
    }
    usleep(100);
  }
  const double took = microseconds_since(begin);
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
  return took;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 3 ? std::atoi(argv[1]) : 0;
  if (rounds < 1) {
    std::fputs("usage: measure_start ROUNDS SOCKET COMMAND...\n", stderr);
    return 2;
  }
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
  std::vector<double> took;
  for (int round = 0; round < rounds; ++round) took.push_back(start_once(argv + 3, argv[2], &quiet));
  std::printf("%.1f %.1f\n", quantile(took, 0.5), quantile(took, 1.0));
}
