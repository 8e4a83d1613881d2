// SPDX-License-Identifier: MIT
// git's configuration where no program may write it, as one that a system generates: whether that is so, and
// the lines that a person adds where it is made.
//
// Plain functions; the CLI's only thread. They look at files and at PATH, write nothing, and report no
// errors: what cannot be looked at counts as what is not there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace forgelink::cli {

// Why git could not write that file, as it would by a new file beside it: a sentence's part ("it is on a
// file system that is read-only"); "" if it can.
std::string why_unwritable(const std::filesystem::path& file);

// The sections that make `helper` git's helper for these addresses, and for nobody else's copy.
std::vector<std::string> helper_lines(const std::vector<std::string>& urls, const std::string& helper);

// One section: its head as git writes it ("user", or "includeIf \"…\""), then name and value.
struct ByHand {
  std::string name, value;
};
std::vector<std::string> section_lines(const std::string& head, const std::vector<ByHand>& settings);

// Each line by itself, indented, for a terminal.
std::string shown_lines(const std::vector<std::string>& lines, std::size_t indent);

// "forgelink" where git finds the helper by itself, else its path as git takes it.
std::string helper_name();

}  // namespace forgelink::cli
