// SPDX-License-Identifier: MIT
#include "clients/cli/import/sources.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/paths.hpp"
#include "clients/cli/import/files.hpp"
#include "clients/cli/import/parsers.hpp"
#include "clients/cli/import/yaml.hpp"
#include "clients/cli/process.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

// Words of a command line as the shell makes them, as far as a file name needs it.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool open = false;
  char quote = '\0';
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n')) {
      open = false;
      continue;
    }
    if (!std::exchange(open, true)) words.emplace_back();
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else {
      if (c == '\\' && quote != '\'' && at + 1 < line.size()) ++at;
      words.back() += line[at];
    }
  }
  return words;
}

fs::path in_home(const std::string& name) {
  return name.starts_with("~/") ? home() / name.substr(2) : fs::path(name);
}

fs::path folder_of(const char* variable, const char* name) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? fs::path(value) : config_home() / name;
}

constexpr std::size_t most_files = 1000;

// The files below a folder whose name ends so, in order; at most `most_files` of them.
std::vector<fs::path> files_below(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code wrong;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, wrong);
  for (; !wrong && at != fs::recursive_directory_iterator() && files.size() < most_files;
       at.increment(wrong)) {
    if (at.depth() > 8) at.disable_recursion_pending();
    if (at->path().string().ends_with(ending)) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A variable, else a setting of git's, else a default.
fs::path configured(const char* variable, const char* setting, const fs::path& otherwise) {
  const char* value = std::getenv(variable);
  if (value != nullptr && *value != '\0') return in_home(value);
  std::string set = run_program({"git", "config", "--get", setting}, true).output;
  while (set.ends_with('\n')) set.pop_back();
  return set.empty() ? otherwise : in_home(set);
}

// Git Credential Manager's stores in files (its documentation, "Credential stores").
std::vector<fs::path> gcm_files() {
  return files_below(
      configured("GCM_PLAINTEXT_STORE_PATH", "credential.plaintextStorePath", home() / ".gcm/store"),
      ".credential");
}

// The store encrypted by GPG can only be named: its tokens are for `pass` to show.
void tell_gcm_gpg_store(Haul& haul) {
  const fs::path root =
      configured("PASSWORD_STORE_DIR", "credential.gpgPassStorePath", home() / ".password-store") / "git";
  const std::size_t count = files_below(root, ".gpg").size();
  if (count == 0) return;
  haul.troubles.push_back({shown(root),
                           "It holds credentials of Git Credential Manager encrypted by GPG, which are not "
                           "read. `pass show` prints one; give it to: forgelink add NAME --token-stdin"});
}

std::vector<fs::path> files_of(const std::string& source) {
  if (source == "gcm") return gcm_files();
  if (source == "netrc") {
    const char* named = std::getenv("NETRC");
    return {named != nullptr && *named != '\0' ? fs::path(named) : home() / ".netrc"};
  }
  if (source == "gh") return {folder_of("GH_CONFIG_DIR", "gh") / "hosts.yml"};
  // The second is where glab from the snap store has it.
  if (source == "glab")
    return {folder_of("GLAB_CONFIG_DIR", "glab-cli") / "config.yml",
            home() / "snap/glab/current/.config/glab-cli/config.yml"};
  if (source != "git-store") return {};
  std::vector<fs::path> files{home() / ".git-credentials", config_home() / "git" / "credentials"};
  const Finished git =
      run_program({"git", "config", "-z", "--get-regexp", "^credential\\.(.*\\.)?helper$"}, true);
  for (const fs::path& named : store_files(git.output)) {
    if (std::find(files.begin(), files.end(), named) == files.end()) files.push_back(named);
  }
  return files;
}

void look_into(const fs::path& file, const std::string& source, Haul& haul) {
  std::string trouble;
  const auto text = read_file(file, trouble);
  if (text) {
    Parsed parsed = parser_of(source, file.string())(text->reveal());
    trouble = std::move(parsed.trouble);
    for (Found& found : parsed.found) {
      found.place = file.string();
      haul.found.push_back(std::move(found));
    }
  }
  if (!trouble.empty()) haul.troubles.push_back({shown(file), std::move(trouble)});
}

// Hosts that a file names without a token have it in the keyring.
void add_hosts(const fs::path& file, std::set<std::string>& hosts) {
  std::string trouble;
  const auto text = read_file(file, trouble);
  if (!text) return;
  const auto leaves = yaml_leaves(text->reveal(), trouble);
  if (!leaves) return;
  for (const YamlLeaf& leaf : *leaves) {
    const bool under_hosts = leaf.path.size() >= 2 && leaf.path[0] == "hosts";
    if (const std::string& host = leaf.path[under_hosts ? 1 : 0]; leaf.path.size() >= 2 && is_host(host))
      hosts.insert(host);
  }
}

}  // namespace

Parser parser_of(const std::string& source, const std::string& place) {
  if (place == "keyring") return nullptr;
  if (source == "git-store") return parse_git_store;
  if (source == "netrc") return parse_netrc;
  if (source == "gh") return parse_gh;
  if (source == "glab") return parse_glab;
  if (source == "gcm") return parse_gcm;
  return nullptr;
}

std::vector<fs::path> store_files(const std::string& helper_settings) {
  std::vector<fs::path> files;
  // Each is a key, a newline, the value and a NUL.
  for (std::size_t begin = 0; begin < helper_settings.size();) {
    const std::size_t end = std::min(helper_settings.find('\0', begin), helper_settings.size());
    const std::string setting = helper_settings.substr(begin, end - begin);
    begin = end + 1;
    const auto newline = setting.find('\n');
    if (newline == std::string::npos) continue;
    const auto words = words_of(std::string_view(setting).substr(newline + 1));
    const bool is_store =
        !words.empty() && (words[0] == "store" || words[0].ends_with("git-credential-store"));
    for (std::size_t i = 1; is_store && i < words.size(); ++i) {
      if (words[i].starts_with("--file=")) files.push_back(in_home(words[i].substr(7)));
      if (words[i] == "--file" && i + 1 < words.size()) files.push_back(in_home(words[i + 1]));
    }
  }
  return files;
}

Haul look_everywhere(const std::set<std::string>& sources, std::set<std::string> gh_hosts,
                     std::set<std::string> glab_hosts, bool may_ask, KeyringReader read_keyring) {
  Haul haul;
  KeyringWanted keyring{.may_ask = may_ask};
  for (const std::string source : import_sources) {
    if (!sources.empty() && !sources.contains(source)) continue;
    const auto files = files_of(source);
    for (const fs::path& file : files) look_into(file, source, haul);
    for (const fs::path& file : files) {
      if (source == "gh") add_hosts(file, gh_hosts);
      if (source == "glab") add_hosts(file, glab_hosts);
    }
    if (source == "gcm") tell_gcm_gpg_store(haul);
    if (source != "git-store" && source != "netrc") keyring.sources.insert(source);
  }
  keyring.gh_hosts = std::move(gh_hosts);
  keyring.glab_hosts = std::move(glab_hosts);
  Parsed kept = read_keyring(keyring);
  for (Found& found : kept.found) haul.found.push_back(std::move(found));
  if (!kept.trouble.empty()) haul.troubles.push_back({"The keyring", std::move(kept.trouble)});
  return haul;
}

}  // namespace forgelink::cli
