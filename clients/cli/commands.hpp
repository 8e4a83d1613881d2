// SPDX-License-Identifier: MIT
// Every command, as it is declared to the parser of the command line. Each declares its options and what is
// to run.
#pragma once

#include <CLI/CLI.hpp>

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// All of them, and what stands before a command.
void declare_all(CLI::App& app, Context& context);

void declare_status(CLI::App& app, Context& context);       // status, types
void declare_connections(CLI::App& app, Context& context);  // list, show, verify, purge
void declare_edit(CLI::App& app, Context& context);         // add, edit
void declare_import(CLI::App& app, Context& context);       // import
void declare_forge(CLI::App& app, Context& context);        // repos, commits
void declare_git(CLI::App& app, Context& context);          // git setup, unset, identity
void declare_rules(CLI::App& app, Context& context);        // use, rules, unuse
void declare_explain(CLI::App& app, Context& context);      // explain
void declare_access(CLI::App& app, Context& context);       // log, access, approve, lock, unlock
void declare_api(CLI::App& app, Context& context);          // api
void declare_run(CLI::App& app, Context& context);          // run
void declare_lend(CLI::App& app, Context& context);         // lend, lends, unlend
void declare_watch(CLI::App& app, Context& context);        // watch
void declare_doctor(CLI::App& app, Context& context);       // doctor
void declare_call(CLI::App& app, Context& context);         // call
void declare_oauth_app(CLI::App& app, Context& context);    // oauth-app set, list, remove
void declare_tokens(CLI::App& app, Context& context);       // remove, revoke, renew

// `--json` on the command itself as well as before it.
CLI::App* command(CLI::App& app, Context& context, const std::string& name, const std::string& summary);

}  // namespace forgelink::cli
