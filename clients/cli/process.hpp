// SPDX-License-Identifier: MIT
// Running another program and reading what it prints.
#pragma once

#include <string>
#include <vector>

namespace forgelink::cli {

struct Finished {
  int status = -1;  // its exit status; 127 if it could not be run
  std::string output;
};

// Standard input is empty; standard error goes where ours goes, unless `quiet`.
Finished run_program(const std::vector<std::string>& arguments, bool quiet = false);

}  // namespace forgelink::cli
