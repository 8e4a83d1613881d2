#include "base/version.hpp"
#include "clients/cli/commands.hpp"

namespace forgelink::cli {

void declare_all(CLI::App& app, Session& session) {
  app.name("forgelink");
  app.description(
      "Owns your connections to git forges.\nRun `forgelink COMMAND --help` for the options of a command.");
  app.set_version_flag("--version", std::string("forgelink ") + FORGELINK_VERSION);
  app.add_flag("--json", session.json_output, "Print the protocol's own JSON");
  app.require_subcommand(1);
  declare_connections(app, session);
  declare_edit(app, session);
  declare_import(app, session);
  declare_forge(app, session);
  declare_git(app, session);
  declare_watch(app, session);
  declare_doctor(app, session);
}

}  // namespace forgelink::cli
