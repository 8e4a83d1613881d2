// SPDX-License-Identifier: MIT
#include "clients/cli/import/rule_proposals.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/paths.hpp"
#include "base/text.hpp"
#include "clients/cli/process.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

// What stands between the first and the last dot of "section.something.name", if they are these.
std::optional<std::string> middle_of(const std::string& key, std::string_view section,
                                     std::string_view name) {
  const auto first = key.find('.'), last = key.rfind('.');
  if (first == last || first == std::string::npos) return std::nullopt;
  if (!equal_ignoring_case(key.substr(0, first), section) || !equal_ignoring_case(key.substr(last + 1), name))
    return std::nullopt;
  return key.substr(first + 1, last - first - 1);
}

bool is_web_address(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

bool has_pattern(std::string_view text) { return text.find_first_of("*?[\\") != std::string_view::npos; }

void cut_end(std::string& text, std::string_view end) {
  if (text.ends_with(end)) text.resize(text.size() - end.size());
}

std::string in_home(const std::string& path, const std::string& home) {
  return path.starts_with("~/") ? home + path.substr(1) : path;
}

// The folder of `gitdir:`, without its pattern for what lies below; "" for one that is no plain folder.
std::string folder_of_condition(std::string pattern, const std::string& home, const std::string& file) {
  cut_end(pattern, "**");
  cut_end(pattern, "/");
  cut_end(pattern, "/.git");
  pattern = in_home(pattern, home);
  if (pattern.starts_with("./")) pattern = (fs::path(file).parent_path() / pattern.substr(2)).string();
  return pattern.starts_with('/') && !has_pattern(pattern) ? pattern : "";
}

// The address of `hasconfig:remote.*.url:`, likewise.
std::string address_of_condition(std::string pattern) {
  cut_end(pattern, "/**");
  cut_end(pattern, "/*");
  return is_web_address(pattern) && !has_pattern(pattern) ? pattern : "";
}

std::string host_part(const std::string& url) { return url.substr(0, url.find('/', url.find("://") + 3)); }

struct Condition {
  std::string url, directory;
};

std::optional<Condition> condition_of(const std::string& text, const std::string& home,
                                      const std::string& file) {
  for (const std::string_view kind : {"gitdir:", "gitdir/i:"}) {
    if (!text.starts_with(kind)) continue;
    const std::string folder = folder_of_condition(text.substr(kind.size()), home, file);
    return folder.empty() ? std::nullopt : std::optional(Condition{.url = "", .directory = folder});
  }
  constexpr std::string_view remote = "hasconfig:remote.*.url:";
  if (!text.starts_with(remote)) return std::nullopt;
  const std::string url = address_of_condition(text.substr(remote.size()));
  return url.empty() ? std::nullopt : std::optional(Condition{.url = url, .directory = ""});
}

// What an included file says of user names, under the condition that includes it.
void add_included(std::vector<ProposedRule>& rules, const Condition& condition,
                  const std::vector<GitEntry>& entries) {
  for (const GitEntry& entry : entries) {
    const auto url = middle_of(entry.key, "credential", "username");
    if (!url || !is_web_address(*url) || has_pattern(*url) || entry.value.empty()) continue;
    const bool same_host = condition.url.empty() || host_part(condition.url) == host_part(*url);
    // A rule has one address: remotes of one host and a user name for another cannot both be in it.
    if (!same_host) continue;
    rules.push_back({.url = condition.url.empty() ? *url : condition.url,
                     .directory = condition.directory,
                     .username = entry.value,
                     .place = entry.file});
  }
}

std::vector<GitEntry> read_entries(std::vector<std::string> arguments, const std::string& file) {
  arguments.insert(arguments.begin(), {"git", "config"});
  arguments.insert(arguments.end(), {"-z", "--list"});
  const std::string all = run_program(arguments, true).output;
  std::vector<GitEntry> entries;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\0', begin), all.size());
    const std::string entry = all.substr(begin, end - begin);
    begin = end + 1;
    const auto newline = entry.find('\n');
    entries.push_back({.key = entry.substr(0, newline),
                       .value = newline == std::string::npos ? "" : entry.substr(newline + 1),
                       .file = file});
  }
  return entries;
}

}  // namespace

std::vector<ProposedRule> propose_rules(const std::vector<GitEntry>& global, const std::string& home,
                                        const IncludedFile& included) {
  std::vector<ProposedRule> rules;
  for (const GitEntry& entry : global) {
    const auto url = middle_of(entry.key, "credential", "username");
    if (url && is_web_address(*url) && !has_pattern(*url) && !entry.value.empty())
      rules.push_back({.url = *url, .directory = "", .username = entry.value, .place = entry.file});
    const auto condition_text = middle_of(entry.key, "includeif", "path");
    const auto condition = condition_text ? condition_of(*condition_text, home, entry.file) : std::nullopt;
    if (!condition) continue;
    fs::path file = in_home(entry.value, home);
    if (file.is_relative()) file = fs::path(entry.file).parent_path() / file;
    add_included(rules, *condition, included(file.string()));
  }
  return rules;
}

std::vector<ProposedRule> propose_rules_of_git() {
  const auto included = [](const std::string& file) {
    // What a file includes counts only under its condition, which propose_rules() reads by itself.
    return read_entries({"--no-includes", "--file", file}, file);
  };
  std::vector<ProposedRule> all;
  for (const fs::path& file : {config_home() / "git" / "config", home() / ".gitconfig"}) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) continue;
    for (ProposedRule& rule : propose_rules(included(file.string()), home().string(), included))
      all.push_back(std::move(rule));
  }
  return all;
}

}  // namespace forgelink::cli
