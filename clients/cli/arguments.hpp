// SPDX-License-Identifier: MIT
// What holds for the arguments of every command: none is empty or other than UTF-8 text, unless it is
// declared so, and a mistake is one sentence. Main thread; before a command runs.
#pragma once

#include <CLI/CLI.hpp>

#include <vector>

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// Marks an option whose empty text means something, as on `edit`, where it takes the value away.
CLI::Option* may_be_empty(CLI::Option* option);

// Marks one whose bytes are not sent to the daemon: the name of a file, the words of another program.
CLI::Option* may_be_bytes(CLI::Option* option);

// A count: a whole number from 1 on. The context must outlive the option.
CLI::Option* counted(CLI::Option* option, const Context& context);

// Lets every option of every command refuse what is empty or no UTF-8 text.
// REQUIRES: all commands are declared. The context must outlive the app.
void check_all_arguments(CLI::App& app, const Context& context);

// Is --json among the words, before those of another program? What is wrong with the line is told as JSON
// then, though it is not parsed yet.
bool wants_json(const std::vector<std::string>& words);

// Help and version are printed; a mistake is said. Returns or exits with the status of the run.
int end_of_parsing(const CLI::App& app, const Context& context, const CLI::ParseError& error);

}  // namespace forgelink::cli
