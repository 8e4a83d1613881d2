// Runs commands in turn, so many rounds, and prints the median time of each in microseconds: from vfork to exit, with
// the same standard input given to each.   bench_spawn ROUNDS INPUT-FILE COMMAND...   (each COMMAND one word list, by spaces)
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

extern char** environ;

int main(int argc, char** argv) {
  const int rounds = std::atoi(argv[1]);
  std::vector<std::vector<std::string>> commands;
  for (int i = 3; i < argc; ++i) {
    std::istringstream words(argv[i]);
    commands.emplace_back();
    for (std::string word; words >> word;) commands.back().push_back(word);
  }
  std::vector<std::vector<double>> times(commands.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      std::vector<char*> words;
      for (std::string& word : commands[i]) words.push_back(word.data());
      words.push_back(nullptr);
      posix_spawn_file_actions_t actions;
      posix_spawn_file_actions_init(&actions);
      posix_spawn_file_actions_addopen(&actions, 0, argv[2], O_RDONLY, 0);
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
      const auto begin = std::chrono::steady_clock::now();
      pid_t child = 0;
      int status = 1;
      if (posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ) == 0) waitpid(child, &status, 0);
      const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
      posix_spawn_file_actions_destroy(&actions);
      if (status != 0) return std::fprintf(stderr, "%s failed\n", words[0]), 1;
      times[i].push_back(took.count());
    }
  }
  for (auto& one : times) {
    std::nth_element(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(one.size() / 2), one.end());
    std::printf("%.1f\n", one[one.size() / 2]);
  }
}
