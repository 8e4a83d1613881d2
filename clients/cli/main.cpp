// forgelink: the command line.
#include <csignal>
#include <cstdio>

#include "base/version.hpp"
#include "clients/cli/commands.hpp"

int main(int argc, char** argv) {
  using namespace forgelink::cli;
  std::signal(SIGPIPE, SIG_DFL);  // `forgelink repos Work | head` ends quietly
  Session session;
  CLI::App app(
      "Owns your connections to git forges.\nRun `forgelink COMMAND --help` for the options of a command.",
      "forgelink");
  app.set_version_flag("--version", std::string("forgelink ") + FORGELINK_VERSION);
  app.add_flag("--json", session.json_output, "Print the protocol's own JSON");
  app.require_subcommand(1);
  declare_connections(app, session);
  declare_edit(app, session);
  declare_forge(app, session);
  declare_git(app, session);
  declare_watch(app, session);
  declare_doctor(app, session);
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
