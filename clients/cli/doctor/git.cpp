// SPDX-License-Identifier: MIT
// Whom git asks for passwords, in what order, and who gets a copy of ours.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/paths.hpp"
#include "base/shell_word.hpp"
#include "base/text.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/files.hpp"
#include "clients/cli/git_by_hand.hpp"
#include "clients/cli/git_config.hpp"
#include "clients/cli/import/parsers.hpp"

namespace forgelink::cli::doctor {
namespace {

constexpr const char* about_git = "git";

// The same problem of several hosts is one finding: the sentence, with {} for them, and the command that
// fixes it.
class Gathered {
 public:
  void add(const std::string& sentence, const std::string& host, const std::string& mend, bool safe) {
    if (safe && mend.empty()) by_hand_.insert(host);
    if (mend.empty()) safe = false;
    Trouble& trouble = all_[sentence];
    trouble.hosts += (trouble.hosts.empty() ? "" : ", ") +
                     host.substr(host.find("://") == std::string::npos ? 0 : host.find("://") + 3);
    if (trouble.mend.find(mend) == std::string::npos)
      trouble.mend += (trouble.mend.empty() ? "" : " && ") + mend;
    trouble.safe = safe;
  }
  bool empty() const { return all_.empty(); }
  // Those whose trouble setup would mend, could it write.
  std::vector<std::string> by_hand() const { return {by_hand_.begin(), by_hand_.end()}; }
  void tell(Findings& all) const {
    for (const auto& [sentence, trouble] : all_) {
      const std::string whole = fmt::format(fmt::runtime(sentence), trouble.hosts);
      trouble.safe ? all.mendable(about_git, whole, trouble.mend) : all.bad(about_git, whole, trouble.mend);
    }
  }

 private:
  struct Trouble {
    std::string hosts, mend;
    bool safe = false;
  };
  std::map<std::string, Trouble> all_;
  std::set<std::string> by_hand_;
};

// "" where git's configuration cannot be written.
std::string setup_command() {
  static const bool can = why_unwritable(global_git_file()).empty();
  return can ? this_program() + " git setup" : "";
}

// For a sentence that is a format.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
  return out;
}

std::string place_of(const GitSetting& setting) {
  return escaped(setting.file().empty() ? "git's command line or environment" : setting.file());
}

std::string take_away(const GitSetting& setting) {
  if (setting.file().empty() || !why_unwritable(setting.file()).empty()) return "";
  return fmt::format("git config --file {} --fixed-value --unset-all {} {}", quoted(setting.file()),
                     quoted(setting.key), quoted(setting.value));
}

bool writes_plain_text(const std::string& helper) {
  return helper == "store" || helper.starts_with("store ") ||
         helper.find("credential-store") != std::string::npos;
}

// Setup writes the global file: what stands in a file that git reads later is not overruled by it.
bool read_after_global(const GitSetting& setting) {
  return setting.scope != "system" && setting.scope != "global";
}

// Beside ours is as bad as before it: git gives a password that worked to all of the host's helpers to store.
void examine_other(Gathered& gathered, const GitSetting& other, bool before, const std::string& host) {
  const std::string what = writes_plain_text(other.value)
                               ? "it writes Forgelink's tokens to a file in plain text"
                               : "it gets a copy of Forgelink's tokens";
  const std::string sentence =
      fmt::format("git's helper `{}` in {} {} Forgelink for {{}}: {}.", escaped(other.value), place_of(other),
                  before ? "is asked before" : "comes beside", what);
  const bool later = read_after_global(other);
  gathered.add(sentence, host, later ? take_away(other) : setup_command(), !later);
}

// Ours was set, but is not asked, or was never set.
void examine_absence(Gathered& gathered, const std::vector<GitSetting>& all,
                     const std::vector<GitSetting>& helpers, const std::string& host) {
  const auto set = settings_for(all, host, "helper");
  const auto emptied = std::find_if(set.begin(), set.end(), [](const GitSetting& setting) {
    return setting.value.empty() && read_after_global(setting);
  });
  const bool was_set = std::any_of(set.begin(), set.end(),
                                   [](const GitSetting& setting) { return is_our_helper(setting.value); });
  if (was_set && emptied != set.end()) {
    const std::string mend = emptied->file().empty()
                                 ? ""
                                 : fmt::format("git config --file {} --unset-all {} '^$'",
                                               quoted(emptied->file()), quoted(emptied->key));
    return gathered.add(fmt::format("{} takes Forgelink out of git's helpers for {{}}.", place_of(*emptied)),
                        host, mend, false);
  }
  if (helpers.empty()) return gathered.add("git does not ask Forgelink for {}.", host, setup_command(), true);
  const GitSetting& other = helpers.front();
  gathered.add(fmt::format("git asks `{}`, set in {}, and not Forgelink for {{}}.", escaped(other.value),
                           place_of(other)),
               host, setup_command(), true);
}

void check_host(Gathered& gathered, const std::vector<GitSetting>& all, const std::string& host) {
  const std::vector<GitSetting> helpers = helpers_for(all, host);
  const auto ours = std::find_if(helpers.begin(), helpers.end(),
                                 [](const GitSetting& helper) { return is_our_helper(helper.value); });
  if (ours == helpers.end()) return examine_absence(gathered, all, helpers, host);
  if (!can_be_run(ours->value))
    gathered.add(
        fmt::format("git cannot run Forgelink's helper `{}`, named in {} for {{}}: there is no such program.",
                    escaped(ours->value), place_of(*ours)),
        host, setup_command(), true);
  for (auto other = helpers.begin(); other != helpers.end(); ++other) {
    if (!is_our_helper(other->value)) examine_other(gathered, *other, other < ours, host);
  }
  if (!http_path_for(all, host))
    gathered.add(
        "git does not tell Forgelink the repository (useHttpPath) for {}, so several accounts there cannot "
        "be told apart.",
        host, setup_command(), true);
}

// Of the daemon; without one, those that git's settings name us for.
std::set<std::string> hosts_of(const Daemon& daemon, const std::vector<GitSetting>& all) {
  std::set<std::string> hosts;
  if (daemon.status) {
    hosts.insert(daemon.status->git_hosts.begin(), daemon.status->git_hosts.end());
    return hosts;
  }
  for (const GitSetting& setting : all) {
    const auto first = setting.key.find('.'), last = setting.key.rfind('.');
    if (first != last && is_our_helper(setting.value))
      hosts.insert(setting.key.substr(first + 1, last - first - 1));
  }
  return hosts;
}

void look_at_other_helpers(Findings& all, const std::vector<GitSetting>& settings) {
  for (const GitSetting& setting : settings) {
    if (setting.name() != "helper" || setting.value.empty() || is_our_helper(setting.value)) continue;
    if (!can_be_run(setting.value)) {
      all.note(about_git,
               fmt::format("git's helper `{}` in {} cannot be run: there is no such program.", setting.value,
                           setting.file()),
               take_away(setting));
    } else if (writes_plain_text(setting.value)) {
      all.note(about_git,
               fmt::format("git's helper `{}` in {} writes passwords to a file in plain text.", setting.value,
                           setting.file()),
               take_away(setting));
    }
  }
}

// A lent socket does not tell its hosts, so setup can do nothing: is git told to ask us at all?
void look_for_any_helper(Findings& all, const std::vector<GitSetting>& settings) {
  const bool asks = std::any_of(settings.begin(), settings.end(), [](const GitSetting& setting) {
    return setting.name() == "helper" && is_our_helper(setting.value);
  });
  if (asks) return all.good(about_git, "git asks Forgelink.");
  all.note(about_git, "git's settings do not name Forgelink.",
           "git config --global credential.helper " + quoted(helper_name()));
}

// Whom a plain-text file has passwords for, read as import reads it; without regard to case, as git looks.
Parsed read_plain_text(const std::filesystem::path& file, bool netrc) {
  const std::string content = content_of(file).value_or("");
  return netrc ? parse_netrc(content) : parse_git_store(content);
}

void look_at_plain_text(Findings& all, const std::set<std::string>& hosts) {
  for (const auto& file :
       {home() / ".git-credentials", config_home() / "git" / "credentials", home() / ".netrc"}) {
    const bool netrc = file.filename() == ".netrc";
    const Parsed parsed = read_plain_text(file, netrc);
    std::string found;
    for (const std::string& host : hosts) {
      const std::string bare = host.substr(host.find("://") + 3);
      const bool named = std::any_of(parsed.found.begin(), parsed.found.end(),
                                     [&](const Found& one) { return equal_ignoring_case(one.host, bare); });
      if (named) found += (found.empty() ? "" : ", ") + bare;
    }
    if (found.empty() && parsed.has_default && !hosts.empty()) found = "every host (default)";
    if (found.empty()) continue;
    all.bad("plain text",
            fmt::format("{} holds passwords in plain text for {}{}.", file.string(), found,
                        netrc ? ", and git takes them before it asks anybody" : ""),
            this_program() + " import");
  }
}

}  // namespace

void look_at_git(Findings& all, const Daemon& daemon) {
  if (const auto trouble = trouble_with_git()) {
    const std::string edit = trouble->file.empty() ? "" : "${EDITOR:-vi} " + quoted(trouble->file);
    return all.bad(about_git, trouble->sentence, trouble->is_missing ? install("git") : edit);
  }
  const std::vector<GitSetting> settings = credential_settings();
  if (daemon.is_lent()) return look_for_any_helper(all, settings);
  const std::set<std::string> hosts = hosts_of(daemon, settings);
  Gathered gathered;
  for (const std::string& host : hosts) check_host(gathered, settings, host);
  gathered.tell(all);
  if (const std::vector<std::string> urls = gathered.by_hand(); !urls.empty()) {
    all.by_hand(about_git,
                fmt::format("{} cannot be written: {}. Add these lines by hand, where it is made:",
                            global_git_file().string(), why_unwritable(global_git_file())),
                helper_lines(urls, helper_name()));
  }
  if (hosts.empty()) {
    all.note(about_git, "git's settings do not name Forgelink.", setup_command());
  } else if (gathered.empty()) {
    all.good(about_git, "git asks Forgelink for its hosts, and no other helper is told.");
  }
  look_at_other_helpers(all, settings);
  look_at_plain_text(all, hosts);
}

}  // namespace forgelink::cli::doctor
