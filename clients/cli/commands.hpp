// Every command, as it is declared to the parser of the command line. Each declares its options and what is
// to run.
#pragma once

#include <CLI/CLI.hpp>

#include "clients/cli/session.hpp"

namespace forgelink::cli {

// All of them, and what stands before a command.
void declare_all(CLI::App& app, Session& session);

void declare_connections(CLI::App& app,
                         Session& session);  // status types list show verify remove purge call oauth-app
void declare_edit(CLI::App& app, Session& session);    // add edit
void declare_import(CLI::App& app, Session& session);  // import
void declare_forge(CLI::App& app, Session& session);   // repos commits
void declare_git(CLI::App& app, Session& session);     // git setup|unset
void declare_watch(CLI::App& app, Session& session);   // watch
void declare_doctor(CLI::App& app, Session& session);  // doctor

// `--json` on the command itself as well as before it.
CLI::App* command(CLI::App& app, Session& session, const std::string& name, const std::string& summary);

}  // namespace forgelink::cli
