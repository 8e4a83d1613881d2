// SPDX-License-Identifier: MIT
// Whose files these are: nothing is made in the folders of another user, as root would with `sudo -E`, since
// what root makes there its owner can no longer use.
//
// POSIX alone, for static programs. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace forgelink {

// A sentence if one of the person's own folders (HOME and what XDG_* name), or one of `more`, is another
// user's;
// "" if none is. Of a folder that is not there its nearest parent counts. Folders of root are nobody else's.
std::string foreign_environment(const std::vector<std::filesystem::path>& more = {});

}  // namespace forgelink
