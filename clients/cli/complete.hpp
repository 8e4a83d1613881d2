// SPDX-License-Identifier: MIT
// What may follow on a command line, for the shells' completion (clients/completion).
//
// Answers from the commands as they are declared, so a new option needs no word here. Names of connections,
// types and methods are asked of a daemon that runs already; none is started, and nothing is said if there is
// none.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace forgelink::cli {

struct Candidate {
  std::string value, help;
};

// `words` as typed so far, without the program's name; the last one, perhaps empty, is to be completed.
std::vector<Candidate> complete(const CLI::App& app, const std::vector<std::string>& words);

// `forgelink complete -- WORD...`: one candidate on a line, its help behind a tab.
void print_completions(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace forgelink::cli
