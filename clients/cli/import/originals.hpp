// SPDX-License-Identifier: MIT
// The plain text that is left behind when a connection was made of it.
#pragma once

#include <string>
#include <vector>

#include "clients/cli/context.hpp"
#include "clients/cli/import/import_planner.hpp"

namespace forgelink::cli {

// Marks those that exist already and whose connection holds this very token, so that their originals may go.
void recognize(Context& context, std::vector<Finding>& findings);

// The files that hold tokens which are safe in a connection now.
std::vector<std::string> files_to_clear(const std::vector<Finding>& findings);

// "the 2 entries that are imported"
std::string what_goes(const std::vector<Finding>& findings, const std::string& file);

// gh or glab, which sign in with what is in the file themselves; else "".
std::string owner_of(const std::vector<Finding>& findings, const std::string& file);

// Takes them out, and marks them as deleted. Gives what to tell: what was done, or why nothing was.
std::string clear(std::vector<Finding>& findings, const std::string& file, bool& done);

}  // namespace forgelink::cli
