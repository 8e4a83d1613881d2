// SPDX-License-Identifier: MIT
// The person's own folders (XDG Base Directory Specification 0.8). Any thread; read from the environment each
// time.
#pragma once

#include <filesystem>

namespace forgelink {

std::filesystem::path home();
std::filesystem::path config_home();  // $XDG_CONFIG_HOME, else ~/.config
std::filesystem::path data_home();    // $XDG_DATA_HOME, else ~/.local/share
std::filesystem::path state_home();   // $XDG_STATE_HOME, else ~/.local/state
std::filesystem::path runtime_dir();  // $XDG_RUNTIME_DIR, else /run/user/UID

}  // namespace forgelink
