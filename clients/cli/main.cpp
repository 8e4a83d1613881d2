// SPDX-License-Identifier: MIT
// forgelink: the command line.
#include <csignal>
#include <cstdio>

#include "base/standard_files.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/complete.hpp"
#include "clients/hidden_process.hpp"

int main(int argc, char** argv) {
  using namespace forgelink::cli;
  forgelink::occupy_standard_files();
  forgelink::hide_process();
  std::signal(SIGPIPE, SIG_DFL);  // `forgelink repos Work | head` ends quietly
  Context context;
  context.arguments = argv;
  CLI::App app;
  declare_all(app, context);
  // Not a command: its words are no command line yet.
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() > 1 && words[0] == "complete" && words[1] == "--") {
    print_completions(app, {words.begin() + 2, words.end()});
    return 0;
  }
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::RequiredError& error) {
    // What was taken for no command is told rather than that one is missing.
    const std::vector<std::string> others = app.remaining();
    if (others.empty()) {
      std::fputs(app.help().c_str(), stderr);
      return 2;
    }
    complain("there is no command “" + others.front() + "”; forgelink --help lists them.");
    return 2;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const Exit& end) {
    return end.status;
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "forgelink: %s\n", bug.what());
    return 1;
  }
}
