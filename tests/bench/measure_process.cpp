// SPDX-License-Identifier: MIT
// How long whole processes take, from before they are started until their end has been collected.
//
//   measure_process ROUNDS INPUT -- [NAME=VALUE]... COMMAND... [-- ...]...
//
// Each round runs every command once, in another order each time, so that none always finds the caches as a
// larger one left them. The file INPUT is their standard input, their output is thrown away. One line per
// command: median and 90th percentile in microseconds.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <random>

#include "tests/bench/timing.hpp"

extern char** environ;

namespace {

using namespace forgelink::bench;

struct Command {
  std::vector<char*> words;  // both end with a null pointer
  std::vector<char*> environment;
  std::vector<double> took;
};

std::vector<Command> commands_of(char** words) {
  std::vector<Command> commands;
  for (; *words != nullptr; ++words) {
    if (std::strcmp(*words, "--") == 0) {
      commands.emplace_back();
      continue;
    }
    Command& command = commands.back();
    const bool is_variable = command.words.empty() && std::strchr(*words, '=') != nullptr;
    (is_variable ? command.environment : command.words).push_back(*words);
  }
  for (Command& command : commands) {
    for (char** variable = environ; *variable != nullptr; ++variable)
      command.environment.push_back(*variable);
    command.environment.push_back(nullptr);
    command.words.push_back(nullptr);
  }
  return commands;
}

void run_once(Command& command, const char* input) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  const auto begin = Clock::now();
  pid_t child = 0;
  int status = -1;
  const int failed = posix_spawnp(&child, command.words[0], &files, nullptr, command.words.data(),
                                  command.environment.data());
  if (failed == 0) waitpid(child, &status, 0);
  command.took.push_back(microseconds_since(begin));
  posix_spawn_file_actions_destroy(&files);
  if (status != 0) {
    std::fprintf(stderr, "measure_process: %s failed (%d)\n", command.words[0],
                 failed != 0 ? failed : status);
    std::exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 4 ? std::atoi(argv[1]) : 0;
  if (rounds < 1 || std::strcmp(argv[3], "--") != 0) {
    std::fputs("usage: measure_process ROUNDS INPUT -- [NAME=VALUE]... COMMAND... [-- ...]...\n", stderr);
    return 2;
  }
  std::vector<Command> commands = commands_of(argv + 3);
  std::vector<std::size_t> order(commands.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 shuffler(1);
  constexpr int warm_up = 5;
  for (int round = -warm_up; round < rounds; ++round) {
    if (round == 0) {
      for (Command& command : commands) command.took.clear();
    }
    std::shuffle(order.begin(), order.end(), shuffler);
    for (const std::size_t next : order) run_once(commands[next], argv[2]);
  }
  for (const Command& command : commands) {
    std::printf("%.1f %.1f\n", quantile(command.took, 0.5), quantile(command.took, 0.9));
  }
}
