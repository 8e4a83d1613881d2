// SPDX-License-Identifier: MIT
// The whole program, so that main() and the tests need no toolkit header.
#pragma once

namespace forgelink::gtk {

// Runs until the window is closed; the exit status. REQUIRES: called once, from main().
int run_program(int argc, char** argv);

}  // namespace forgelink::gtk
