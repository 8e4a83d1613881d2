// SPDX-License-Identifier: MIT
// Reading and replacing whole files of the person's.
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <optional>
#include <string>

namespace forgelink::cli {

std::optional<std::string> content_of(const std::filesystem::path& file);

// All at once or not at all. A file that is there keeps its mode, and a symbolic link stays one; a new one
// gets `mode` from the start. Throws std::system_error.
void replace_file(const std::filesystem::path& file, const std::string& content, mode_t mode);

}  // namespace forgelink::cli
