// SPDX-License-Identifier: MIT
#include "clients/cli/git_config.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/paths.hpp"
#include "base/text.hpp"
#include "clients/cli/process.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// "credential.https://git.example.helper": what stands between; "" in the plain section.
std::string pattern_of(const std::string& key) {
  const auto first = key.find('.'), last = key.rfind('.');
  return first == last ? "" : key.substr(first + 1, last - first - 1);
}

// git config knows the rules for whole addresses; asked with nothing but the one section set.
bool git_matches(const std::string& pattern, const std::string& url) {
  const std::string answer =
      run_program(
          {"env", "-u", "GIT_DIR", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
           "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=probe." + pattern + ".found", "GIT_CONFIG_VALUE_0=yes",
           "git", "-C", "/", "config", "--get-urlmatch", "probe.found", url},
          true)
          .output;
  return answer == "yes\n";
}

bool matches(const std::string& pattern, const std::string& url) {
  if (pattern.empty() || pattern == url) return true;
  // For credentials alone git takes a part of an address too (credential.c, match_partial_url).
  if (pattern.find("://") == std::string::npos) {
    const auto host = url.find("://");
    return host != std::string::npos && url.substr(host + 3) == pattern;
  }
  static std::map<std::pair<std::string, std::string>, bool> known;
  const auto [entry, is_new] = known.try_emplace({pattern, url}, false);
  if (is_new) entry->second = git_matches(pattern, url);
  return entry->second;
}

}  // namespace

std::string GitSetting::file() const { return origin.starts_with("file:") ? origin.substr(5) : ""; }
std::string GitSetting::name() const { return key.substr(key.rfind('.') + 1); }

std::vector<GitSetting> credential_settings() {
  const std::string all =
      run_program({"git", "config", "--show-scope", "--show-origin", "-z", "--get-regexp", "^credential\\."},
                  true)
          .output;
  const std::vector<std::string> parts = split(all, '\0');
  std::vector<GitSetting> settings;
  for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
    const auto newline = parts[i + 2].find('\n');
    settings.push_back({.scope = parts[i],
                        .origin = parts[i + 1],
                        .key = parts[i + 2].substr(0, newline),
                        // A key alone stands for true.
                        .value = newline == std::string::npos ? "true" : parts[i + 2].substr(newline + 1)});
  }
  return settings;
}

std::vector<GitSetting> settings_for(const std::vector<GitSetting>& all, const std::string& url,
                                     const std::string& name) {
  std::vector<GitSetting> found;
  for (const GitSetting& setting : all) {
    if (setting.name() == name && matches(pattern_of(setting.key), url)) found.push_back(setting);
  }
  return found;
}

std::vector<GitSetting> helpers_for(const std::vector<GitSetting>& all, const std::string& url) {
  std::vector<GitSetting> helpers;
  for (GitSetting& setting : settings_for(all, url, "helper")) {
    // An empty value takes back all before it (gitcredentials(7), helper).
    if (setting.value.empty()) {
      helpers.clear();
    } else {
      helpers.push_back(std::move(setting));
    }
  }
  return helpers;
}

bool http_path_for(const std::vector<GitSetting>& all, const std::string& url) {
  const auto found = settings_for(all, url, "usehttppath");
  if (found.empty()) return false;
  const std::string& value = found.back().value;
  return value == "true" || value == "yes" || value == "on" || value == "1";
}

bool is_our_helper(const std::string& helper) {
  return helper == "forgelink" || helper.find("git-credential-forgelink") != std::string::npos;
}

bool on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path != nullptr ? path : "", ':')) {
    if (access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

bool can_be_run(const std::string& helper) {
  // What a shell takes apart is not judged here.
  if (helper.starts_with("!") || helper.find_first_of("'\"\\$`") != std::string::npos) return true;
  const std::string word = helper.substr(0, helper.find(' '));
  if (word.starts_with("/")) return access(word.c_str(), X_OK) == 0;
  static const std::string own = [] {
    std::string path = run_program({"git", "--exec-path"}, true).output;
    while (path.ends_with('\n')) path.pop_back();
    return path;
  }();
  const std::string program = "git-credential-" + word;
  return on_path(program) || access((fs::path(own) / program).c_str(), X_OK) == 0;
}

fs::path global_git_file() {
  if (const char* named = std::getenv("GIT_CONFIG_GLOBAL"); named != nullptr && *named != '\0') return named;
  // As `git config --global` chooses where it writes (git-config(1), FILES).
  const fs::path own = home() / ".gitconfig", shared = config_home() / "git" / "config";
  return !fs::exists(own) && fs::exists(shared) ? shared : own;
}

std::optional<GitTrouble> trouble_with_git() {
  constexpr int not_found = 127;
  // Reads every file, as each command of git does; only what it says of them is wanted.
  const Finished done = run_program({"sh", "-c", "exec git config --list 2>&1 >/dev/null"}, true);
  if (done.status == 0) return std::nullopt;
  if (done.status == not_found) return GitTrouble{.is_missing = true, .sentence = "git is not installed."};
  constexpr std::string_view fatal = "fatal: ", in_file = " in file ";
  std::string said(trimmed(done.output));
  if (const auto begin = said.rfind(fatal); begin != std::string::npos) said.erase(0, begin + fatal.size());
  GitTrouble trouble{.sentence = "git cannot read its configuration: " + said + "."};
  if (const auto at = said.rfind(in_file); at != std::string::npos)
    trouble.file = said.substr(at + in_file.size());
  return trouble;
}

void check_git(const Context& context) {
  const auto trouble = trouble_with_git();
  if (!trouble) return;
  if (trouble->is_missing) context.misused(trouble->sentence);
  context.refuse(Error{.message = trouble->sentence});
}

}  // namespace forgelink::cli
