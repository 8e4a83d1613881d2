// SPDX-License-Identifier: MIT
// run: a command that uses a connection without seeing its token
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "clients/cli/arguments.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/process.hpp"
#include "clients/cli/run_environment.hpp"
#include "clients/cli/terminal.hpp"

extern char** environ;

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

constexpr int not_found = 127, not_executable = 126;

volatile pid_t running = 0;

void pass_on(int signal) {
  if (running > 0) kill(running, signal);
}

Environment own_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals != nullptr)
      environment.emplace(std::string(*entry, static_cast<std::size_t>(equals - *entry)), equals + 1);
  }
  return environment;
}

// Private, and gone with the run; what a killed run left is swept by the next one.
class PrivateFolder {
 public:
  PrivateFolder() {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    const fs::path parent =
        runtime != nullptr && *runtime == '/' ? fs::path(runtime) : fs::temp_directory_path();
    sweep(parent);
    std::string pattern = (parent / fmt::format("forgelink-run-{}-XXXXXX", getpid())).string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  ~PrivateFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  PrivateFolder(const PrivateFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  static void sweep(const fs::path& parent) {
    constexpr std::string_view prefix = "forgelink-run-";
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(parent, error)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(prefix)) continue;
      const pid_t owner = std::atoi(name.c_str() + prefix.size());
      struct stat info {};
      const bool ours =
          lstat(entry.path().c_str(), &info) == 0 && info.st_uid == geteuid() && S_ISDIR(info.st_mode);
      if (ours && owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), error);
    }
  }

  std::string path_;
};

// As git knows them, before any of its rewriting; origin first.
std::vector<std::string> addresses_of_remotes() {
  const Finished listed = run_program({"git", "config", "--get-regexp", "^remote\\..*\\.url$"}, true);
  std::vector<std::string> urls;
  std::size_t begin = 0;
  while (listed.status == 0 && begin < listed.output.size()) {
    const std::size_t end = std::min(listed.output.find('\n', begin), listed.output.size());
    const std::string line = listed.output.substr(begin, end - begin);
    if (const auto space = line.find(' '); space != std::string::npos) {
      const bool origin = line.starts_with("remote.origin.");
      urls.insert(origin ? urls.begin() : urls.end(), line.substr(space + 1));
    }
    begin = end + 1;
  }
  return urls;
}

// The child gets signals of the terminal by itself; those sent to us are passed on.
int wait_for_command(const std::vector<std::string>& command, const Environment& environment) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::vector<std::string> entries;
  for (const auto& [name, value] : environment) entries.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& entry : entries) envp.push_back(entry.data());
  envp.push_back(nullptr);

  // What the command inherits are the signals as they were, not as they are handled here.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  for (const int signal : {SIGINT, SIGQUIT}) std::signal(signal, SIG_IGN);
  for (const int signal : {SIGTERM, SIGHUP}) std::signal(signal, pass_on);

  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], nullptr, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    complain(fmt::format("{} cannot be run: {}.", command.front(), std::strerror(failed)));
    return failed == ENOENT ? not_found : not_executable;
  }
  running = child;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  running = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// The words behind the --, as they were typed: CLI11 takes a word in brackets for a list. Nothing without the
// --, or where it stands before the connection.
std::vector<std::string> command_typed(char** words) {
  char** at = words;
  while (*at != nullptr && std::string_view(*at) != "--") ++at;
  if (*at == nullptr || at == words || std::string_view(at[-1]) == "run") return {};
  std::vector<std::string> typed;
  while (*++at != nullptr) typed.emplace_back(*at);
  return typed;
}

struct RunWish {
  std::string name;
  std::vector<std::string> repositories, command;
  bool read_only = false, graphql = false;
};

void run(Context& context, const RunWish& wish) {
  protocol::FrontOpen::Params params{
      .connection = wish.name, .read_only = wish.read_only, .graphql = wish.graphql};
  if (!wish.repositories.empty()) params.repositories = wish.repositories;
  const protocol::FrontOpen::Reply front = context.call<protocol::FrontOpen>(std::move(params)).reply;
  int status = 1;
  {
    const PrivateFolder folder;
    write_tool_settings(front, folder.path());
    const std::string repository = wish.repositories.size() == 1
                                       ? wish.repositories.front()
                                       : repository_of_remotes(front, addresses_of_remotes());
    const Environment environment = environment_for(own_environment(), front, folder.path(), repository);
    status = wait_for_command(wish.command, environment);
  }
  throw Exit{status};
}

}  // namespace

void declare_run(CLI::App& app, Context& context) {
  static RunWish wish;
  CLI::App* c = command(app, context, "run", "Run a command that uses a connection and never sees its token");
  c->add_option("NAME", wish.name, "The connection")->required();
  c->add_option("--repository", wish.repositories, "Only this repository; may be given several times")
      ->type_name("OWNER/REPO")
      ->expected(1)
      ->allow_extra_args(false)  // else it would take the -- for itself
      ->take_all();
  c->add_flag("--read-only", wish.read_only, "Only what changes nothing");
  c->add_flag("--graphql", wish.graphql, "Allow GraphQL, which cannot be filtered");
  auto* words = c->add_option("COMMAND", wish.command, "The command and its words, behind --")->required();
  may_be_bytes(may_be_empty(words));
  c->callback([&context] {
    if (auto typed = command_typed(context.arguments); !typed.empty()) wish.command = std::move(typed);
    run(context, wish);
  });
}

}  // namespace forgelink::cli
