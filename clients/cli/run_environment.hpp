// SPDX-License-Identifier: MIT
// The environment in which a command uses a front: gh, glab, git and curl find it there, and no way to the
// daemon, to the keyring, or to another token. Plain functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ipc/protocol/front_open.hpp"

namespace forgelink::cli {

using Front = protocol::FrontOpen::Reply;
using Environment = std::map<std::string, std::string>;

// `front`: the reply of front.open. `folder`: a private one, in which gh's and glab's settings are written by
// `write_tool_settings`. `repository`: "owner/name" for gh; "" leaves it to gh.
Environment environment_for(Environment from, const Front& front, const std::string& folder,
                            const std::string& repository);

// Throws std::system_error.
void write_tool_settings(const Front& front, const std::string& folder);

// The "owner/name" of the first of these remote addresses that lies below one of the front's git roots; "" if
// none does.
std::string repository_of_remotes(const Front& front, const std::vector<std::string>& urls);

}  // namespace forgelink::cli
