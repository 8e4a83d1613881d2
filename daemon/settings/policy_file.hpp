// SPDX-License-Identifier: MIT
// Reads the administrator's policy. Any error in it stops the start, since a policy that is not in force
// protects nobody.
#pragma once

#include <filesystem>
#include <string_view>

#include "daemon/policy/policy.hpp"
#include "daemon/settings/settings.hpp"

namespace forgelink {

// The policy in `folder`/policy.toml; the empty one if there is no such file or folder. Throws SettingsError,
// whose text names file, line and key, for a file or folder that is not `owner`'s, that group or others can
// write, that is a symbolic link or cannot be read, and for what parse_policy refuses.
Policy read_policy(const std::filesystem::path& folder = "/etc/forgelink", unsigned owner = 0);

// The same from text; `name` stands for the file in messages. An unknown key is refused.
Policy parse_policy(std::string_view text, std::string_view name);

}  // namespace forgelink
