// SPDX-License-Identifier: MIT
// Files with secrets in them: read into locked memory, and written anew without some of it.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "clients/cli/import/found.hpp"

namespace forgelink::cli {

// Nothing where there is no such file, or with a sentence in `trouble` where it cannot be read.
std::optional<Secret> read_file(const std::filesystem::path& file, std::string& trouble);

// The text without what is cut out.
Secret without(std::string_view text, std::vector<Cut> cuts);

struct TakenOut {
  std::size_t count = 0;
  bool file_removed = false;
  std::string trouble;  // a sentence; nothing was changed then
};

// Takes out of the file every credential that is `gone`. The file is read anew, so that what others have
// written meanwhile stays; replaced in one step under git's lock for such files (FILE.lock), with its mode
// kept; removed if nothing is left in it.
TakenOut take_out(const std::filesystem::path& file, Parser parse,
                  const std::function<bool(const Found&)>& gone);

// With ~ for the person's own folder.
std::string shown(const std::filesystem::path& file);

}  // namespace forgelink::cli
