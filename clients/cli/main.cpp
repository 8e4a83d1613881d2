// SPDX-License-Identifier: MIT
// forgelink: the command line.
#include <csignal>
#include <cstdio>

#include "base/standard_files.hpp"
#include "clients/cli/arguments.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/complete.hpp"
#include "clients/hidden_process.hpp"

namespace {

using namespace forgelink::cli;

int run(int argc, char** argv) {
  Context context;
  context.arguments = argv;
  CLI::App app;
  declare_all(app, context);
  const std::vector<std::string> words(argv + 1, argv + argc);
  // Not a command: its words are no command line yet.
  if (words.size() > 1 && words[0] == "complete" && words[1] == "--") {
    print_completions(app, {words.begin() + 2, words.end()});
    return 0;
  }
  context.json_output = wants_json(words);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return end_of_parsing(app, context, error);
  }
}

}  // namespace

int main(int argc, char** argv) {
  forgelink::occupy_standard_files();
  forgelink::hide_process();
  std::signal(SIGPIPE, SIG_DFL);  // `forgelink repos Work | head` ends quietly
  try {
    return run(argc, argv);
  } catch (const Exit& end) {
    return end.status;
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "forgelink: %s\n", bug.what());
    return 1;
  }
}
