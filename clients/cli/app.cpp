// SPDX-License-Identifier: MIT
#include "base/version.hpp"
#include "clients/cli/arguments.hpp"
#include "clients/cli/commands.hpp"

namespace forgelink::cli {

void declare_all(CLI::App& app, Context& context) {
  app.name("forgelink");
  app.description(
      "Owns your connections to git forges.\nRun `forgelink COMMAND --help` for the options of a command.");
  app.set_version_flag("--version", std::string("forgelink ") + FORGELINK_VERSION);
  app.add_flag("--json", context.json_output, "Print the protocol's own JSON");
  app.require_subcommand(1);
  declare_status(app, context);
  declare_connections(app, context);
  declare_edit(app, context);
  declare_oauth_app(app, context);
  declare_tokens(app, context);
  declare_import(app, context);
  declare_forge(app, context);
  declare_git(app, context);
  declare_rules(app, context);
  declare_explain(app, context);
  declare_access(app, context);
  declare_api(app, context);
  declare_run(app, context);
  declare_lend(app, context);
  declare_watch(app, context);
  declare_doctor(app, context);
  declare_call(app, context);
  check_all_arguments(app, context);
}

}  // namespace forgelink::cli
