// SPDX-License-Identifier: MIT
// What `import` asks a person on a terminal.
#pragma once

#include <string>
#include <vector>

#include "clients/cli/import/import_planner.hpp"

namespace forgelink::cli {

// The types, servers, names and organisations that no file told. An empty answer leaves the finding out.
void ask_for_what_is_missing(const ImportPlanner& planner, std::vector<Finding>& findings);

// All of the new ones, none, or some; those that are not wanted become `skipped`. False: none.
bool ask_which(std::vector<Finding>& findings);

// Yes or no; the end of the input is a no, whatever an empty answer is.
bool agreed(const std::string& question, bool if_empty);

}  // namespace forgelink::cli
