// SPDX-License-Identifier: MIT
#include "clients/cli/git_by_hand.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "base/shell_word.hpp"
#include "clients/cli/git_config.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

// The words of a value as a configuration file holds them (git-config(1), Syntax).
std::string in_quotes(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string as_value(const std::string& value) {
  const bool plain =
      value.find_first_of("\"\\;#") == std::string::npos && !value.starts_with(' ') && !value.ends_with(' ');
  return plain ? value : in_quotes(value);
}

// git takes a plain path as it is, and all else by the shell (gitcredentials(7)).
std::string as_helper(const std::string& path) {
  const std::string word = quoted(path);
  return word == path ? path : "!" + word;
}

// Where a chain of links ends, though nothing be there.
fs::path end_of_links(fs::path file) {
  std::error_code error;
  for (int links = 0; links < 40 && fs::is_symlink(file, error); ++links) {
    const fs::path to = fs::read_symlink(file, error);
    file = to.is_absolute() ? to : file.parent_path() / to;
  }
  return file;
}

}  // namespace

std::string why_unwritable(const fs::path& file) {
  const fs::path real = end_of_links(file);
  std::error_code error;
  const fs::file_status there = fs::status(real, error);
  if (fs::exists(there) && !fs::is_regular_file(there)) return "it is not a file";
  const fs::path folder = real.has_parent_path() ? real.parent_path() : fs::path(".");
  if (access(folder.c_str(), W_OK | X_OK) == 0) return "";
  if (errno == EROFS) return "it is on a file system that is read-only";
  if (errno == ENOENT || errno == ENOTDIR) return fmt::format("there is no folder {}", folder.string());
  return fmt::format("the folder {} may not be written", folder.string());
}

std::vector<std::string> section_lines(const std::string& head, const std::vector<ByHand>& settings) {
  std::vector<std::string> lines{"[" + head + "]"};
  for (const ByHand& setting : settings)
    lines.push_back(
        fmt::format("\t{} ={}{}", setting.name, setting.value.empty() ? "" : " ", as_value(setting.value)));
  return lines;
}

std::vector<std::string> helper_lines(const std::vector<std::string>& urls, const std::string& helper) {
  std::vector<std::string> lines;
  for (const std::string& url : urls) {
    // The empty one takes the helpers before it away, so that none gets a copy.
    const auto section = section_lines("credential " + in_quotes(url),
                                       {{"helper", ""}, {"helper", helper}, {"useHttpPath", "true"}});
    lines.insert(lines.end(), section.begin(), section.end());
  }
  return lines;
}

std::string shown_lines(const std::vector<std::string>& lines, std::size_t indent) {
  std::string all;
  for (const std::string& line : lines) {
    const bool inner = line.starts_with('\t');
    all += std::string(indent + (inner ? 4 : 0), ' ') + clean(line.substr(inner ? 1 : 0)) + "\n";
  }
  return all;
}

std::string helper_name() {
  const std::string program = "git-credential-forgelink";
  if (on_path(program)) return "forgelink";
  std::error_code error;
  const fs::path beside = fs::read_symlink("/proc/self/exe", error).parent_path() / program;
  return access(beside.c_str(), X_OK) != 0 ? "forgelink" : as_helper(beside.string());
}

}  // namespace forgelink::cli
