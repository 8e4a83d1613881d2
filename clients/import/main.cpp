// SPDX-License-Identifier: MIT
// forgelink-import: does what `forgelink import` says. A program of its own because it links libsecret, which
// would double the time that every other command takes to start.
#include <csignal>

#include "base/standard_files.hpp"
#include "clients/cli/import/command.hpp"
#include "clients/hidden_process.hpp"
#include "clients/import/keyring_items.hpp"

int main(int argc, char** argv) {
  using namespace forgelink::cli;
  forgelink::occupy_standard_files();
  forgelink::hide_process();
  std::signal(SIGPIPE, SIG_DFL);
  Context context;
  ImportOptions options;
  CLI::App app;
  app.name("forgelink");
  app.add_flag("--json", context.json_output, "Print the protocol's own JSON");
  app.require_subcommand(1);
  declare_import(app, context, options, [&] { run_import(context, options, look_into_keyring); });
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const Exit& end) {
    return end.status;
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "forgelink: %s\n", bug.what());
    return 1;
  }
}
