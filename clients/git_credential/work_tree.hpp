// SPDX-License-Identifier: MIT
// Where git works while it runs this helper: the top of the work tree, for the rules about folders.
//
// git starts a helper in the top of the work tree, but during `git clone` where the person stood, with the
// new repository in GIT_DIR (transport-helper.c exports it). POSIX alone, for the static helper.
#pragma once

#include <string>

namespace forgelink {

// Absolute and without symbolic links; "" if it cannot be told. Reads GIT_WORK_TREE, GIT_DIR and the working
// directory. For a bare repository it is the repository's folder.
std::string work_tree_top();

}  // namespace forgelink
