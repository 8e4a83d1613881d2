// SPDX-License-Identifier: MIT
#include "daemon/git/identity_render.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "daemon/git/rule_url.hpp"

namespace forgelink {
namespace {

// Worse rules first: fewer parts in the path, then the shallower folder, then none with a host.
std::tuple<std::size_t, std::ptrdiff_t, bool> rank_of(const Rule& rule) {
  const std::size_t parts = rule.url ? RuleUrl::of_kept(*rule.url).path.size() : 0;
  const std::ptrdiff_t depth =
      rule.directory ? std::count(rule.directory->begin(), rule.directory->end(), '/') : 0;
  return {parts, depth, rule.url.has_value()};
}

// Characters that wildmatch takes for more than themselves.
std::string escaped_glob(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// In the quotes of a section's name only these two are special.
std::string in_section(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string include_if(const std::string& condition, const std::string& path) {
  return "[includeIf \"" + in_section(condition) + "\"]\n\tpath = " + quoted_value(path) + "\n";
}

// The addresses that remotes at or below the rule's address may have, with and without a user name.
std::vector<std::string> remote_patterns(const RuleUrl& url) {
  const auto host = url.origin.find("://") + 3;
  const std::string path = url.path.empty() ? "" : "/" + escaped_glob(url.path.url_text());
  std::vector<std::string> patterns;
  for (const char* user : {"", "*@"}) {
    const std::string start =
        url.origin.substr(0, host) + user + escaped_glob(url.origin.substr(host)) + path;
    patterns.push_back(start + "/**");
    if (path.empty()) continue;
    patterns.push_back(start);
    patterns.push_back(start + ".git");
  }
  return patterns;
}

std::string remote_sections(const RuleUrl& url, const std::string& path) {
  std::string out;
  // `hasconfig` is known since git 2.36; an older git skips the section.
  for (const std::string& pattern : remote_patterns(url))
    out += include_if("hasconfig:remote.*.url:" + pattern, path);
  return out;
}

// A bare repository may be the folder itself.
std::string folder_sections(const std::string& folder, const std::string& path) {
  return include_if("gitdir:" + gitdir_pattern(folder), path) +
         include_if("gitdir:" + escaped_glob(folder), path);
}

std::string user_section(const Connection& connection) {
  std::string out = "[user]\n";
  if (connection.commit_name) out += "\tname = " + quoted_value(*connection.commit_name) + "\n";
  return out + "\temail = " + quoted_value(*connection.commit_email) + "\n";
}

constexpr std::string_view heading =
    "# Written by Forgelink as its rules change; what is changed here is lost.\n";

}  // namespace

std::string gitdir_pattern(const std::string& folder) {
  // git adds `**` to a pattern that ends in a slash (git-config(1), Conditional includes).
  return escaped_glob(folder == "/" ? "" : folder) + "/";
}

std::string quoted_value(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::vector<IdentityFile> render_identities(std::vector<Rule> rules,
                                            const std::function<const Connection*(ConnectionId)>& find,
                                            const std::string& folder) {
  std::stable_sort(rules.begin(), rules.end(),
                   [](const Rule& a, const Rule& b) { return rank_of(a) < rank_of(b); });
  std::vector<IdentityFile> files{{.name = std::string(identity_entry), .content = std::string(heading)}};
  std::set<ConnectionId> written;
  for (const Rule& rule : rules) {
    const Connection* connection = find(rule.connection);
    if (connection == nullptr || !connection->commit_email) continue;
    const std::string name = connection->id.text(), path = folder + "/" + name;
    if (written.insert(connection->id).second)
      files.push_back({.name = name, .content = std::string(heading) + user_section(*connection)});
    if (!rule.url) {
      files.front().content += folder_sections(*rule.directory, path);
    } else if (!rule.directory) {
      files.front().content += remote_sections(RuleUrl::of_kept(*rule.url), path);
    } else {
      // Both conditions: one includes a file with the other.
      const std::string both = rule.id.text();
      files.push_back({.name = both,
                       .content = std::string(heading) + remote_sections(RuleUrl::of_kept(*rule.url), path)});
      files.front().content += folder_sections(*rule.directory, folder + "/" + both);
    }
  }
  return files;
}

}  // namespace forgelink
