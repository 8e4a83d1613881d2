// SPDX-License-Identifier: MIT
#include "clients/cli/import/import_planner.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cctype>
#include <ctime>

#include "clients/cli/context.hpp"
#include "clients/cli/terminal.hpp"
#include "base/text.hpp"

namespace forgelink::cli {
namespace {

bool same(const std::string& a, const std::string& b) { return strcasecmp(a.c_str(), b.c_str()) == 0; }

// "https://host:port/path" -> "host:port"
std::string host_of(const std::string& url) {
  const auto begin = url.find("://");
  if (begin == std::string::npos) return "";
  return url.substr(begin + 3, url.find('/', begin + 3) - begin - 3);
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_organization(const std::string& text) {
  return !text.empty() && text.size() <= 50 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

// Other names under which programs know the host of a forge.
std::string usual_name(const std::string& host) {
  const std::string known = lower_case(host);
  if (known == "api.github.com" || known == "ssh.github.com") return "github.com";
  if (known == "api.bitbucket.org" || known == "altssh.bitbucket.org") return "bitbucket.org";
  if (known == "altssh.gitlab.com") return "gitlab.com";
  if (known.ends_with(".visualstudio.com")) return "dev.azure.com";
  return known;
}

// The organisation stands first in the path, in old addresses in front of the host, else as the user.
void find_organization(Finding& finding) {
  const Found& found = finding.found();
  constexpr std::string_view old = ".visualstudio.com";
  const std::string host = lower_case(found.host);
  if (host.ends_with(old)) {
    finding.organization = host.substr(0, host.size() - old.size());
  } else if (const auto parts = parts_of(found.path); !parts.empty() && is_organization(parts[0])) {
    finding.organization = parts[0];
  } else if (is_organization(finding.username)) {
    finding.organization = finding.username;
  }
  if (same(finding.organization, finding.username)) finding.username.clear();
}

bool is_past(const std::string& date) {
  std::tm parts{};
  return strptime(date.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) != nullptr &&
         timegm(&parts) <= std::time(nullptr);
}

// A machine in a netrc may be anything; these are forges by what is known of them.
bool may_be_forge(const Found& found) {
  return found.source != "netrc" || looks_like_token(found.token.reveal()) ||
         found.host.starts_with("gitlab.") || found.host.starts_with("git.");
}

// What an unknown host may be, by the token or by the path; "" where nothing speaks for any.
std::string likely_type(const Found& found) {
  if (found.token.reveal().starts_with("glpat-")) return "gitlab-self-managed";
  const auto parts = parts_of(found.path);
  return std::find(parts.begin(), parts.end(), "_git") == parts.end() ? "" : "azure-devops-server";
}

void join(Finding& into, Finding& other) {
  if (into.username.empty()) into.username = other.username;
  if (into.email.empty()) into.email = other.email;
  if (!into.expires_at) into.expires_at = other.expires_at;
  for (Found& found : other.places) into.places.push_back(std::move(found));
}

bool is_same(const Finding& a, const Finding& b) {
  const bool place =
      a.type.empty() ? same(a.found().host, b.found().host)
                     : a.server_url == b.server_url && (a.organization.empty() || b.organization.empty() ||
                                                        same(a.organization, b.organization));
  return a.type == b.type && place && a.token().equals(b.token());
}

bool is_unnamed(const Finding& finding) { return finding.username.empty() && finding.email.empty(); }

bool is_of(const json::value& connection, const Finding& finding) {
  const json::value* account = member(connection, "account");
  const auto is = [](const std::string& known, const std::string& told) {
    return !told.empty() && same(known, told);
  };
  return is(text(connection, "username"), finding.username) || is(text(connection, "email"), finding.email) ||
         (account != nullptr &&
          (is(text(*account, "login"), finding.username) || is(text(*account, "login"), finding.email) ||
           is(text(*account, "email"), finding.email)));
}

}  // namespace

std::string Finding::subject() const {
  const std::string who = !username.empty() ? username : !email.empty() ? email : organization;
  return who.empty() ? found().host : who + " on " + found().host;
}

ImportPlanner::ImportPlanner(json::array types, json::array connections)
    : types_(std::move(types)), connections_(std::move(connections)), known_before_(connections_.size()) {}

std::string ImportPlanner::label_of(const std::string& type) const {
  for (const json::value& one : types_) {
    if (text(one, "id") == type) return text(one, "label");
  }
  return type;
}

std::set<std::string> ImportPlanner::hosts_of(const std::string& type) const {
  std::set<std::string> hosts;
  for (const json::value& one : types_) {
    if (text(one, "id") != type) continue;
    for (const json::value& root : one.at("git_hosts").as_array())
      hosts.insert(host_of(std::string(root.as_string())));
  }
  return hosts;
}

std::vector<std::string> ImportPlanner::self_hosted() const {
  std::vector<std::string> types;
  for (const json::value& one : types_) {
    if (one.at("git_hosts").as_array().empty()) types.push_back(text(one, "id"));
  }
  return types;
}

std::string ImportPlanner::server_of(const Found& found, const std::string& type) {
  const std::string root = (found.scheme.empty() ? "https" : found.scheme) + "://" + lower_case(found.host);
  const auto parts = parts_of(found.path);
  std::size_t count = found.forge == "gitlab" ? parts.size() : 0;  // glab's sub-folder
  if (type == "azure-devops-server") {
    // [folder/]collection/project/_git/repository
    const auto mark = static_cast<std::size_t>(std::find(parts.begin(), parts.end(), "_git") - parts.begin());
    count = mark < parts.size() && mark >= 2 ? mark - 1 : 0;
  }
  std::string url = root;
  for (std::size_t i = 0; i < count; ++i) url += "/" + parts[i];
  return url;
}

// The type and the server, as far as they can be told.
void ImportPlanner::place(Finding& finding) const {
  const Found& found = finding.found();
  for (const json::value& type : types_) {
    const auto hosts = hosts_of(text(type, "id"));
    if (hosts.contains(lower_case(found.host)) || hosts.contains(usual_name(found.host)))
      finding.type = text(type, "id");
  }
  if (finding.type == "azure-devops") find_organization(finding);
  if (!finding.type.empty()) return;
  for (const json::value& connection : connections_) {
    const std::string server = text(connection, "server_url");
    if (server.empty() || !same(host_of(server), found.host)) continue;
    finding.type = text(connection, "type");
    finding.server_url = server;
    return;
  }
  if (found.forge == "gitlab") {
    finding.type = "gitlab-self-managed";
    finding.server_url = server_of(found, finding.type);
  }
}

std::string ImportPlanner::existing(const Finding& finding) const {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const json::value& connection = connections_[i];
    if (text(connection, "type") != finding.type) continue;
    if (!finding.server_url.empty() &&
        !same(host_of(text(connection, "server_url")), host_of(finding.server_url)))
      continue;
    const std::string organization = text(connection, "organization");
    if (!organization.empty() && !finding.organization.empty() && !same(organization, finding.organization))
      continue;
    // One without a name may be any account's; of those made a moment ago the forge will tell.
    const bool may_be = is_unnamed(finding) && i < known_before_;
    if (may_be || is_of(connection, finding)) return text(connection, "name");
  }
  return "";
}

void ImportPlanner::decide(Finding& finding) const {
  const Found& found = finding.found();
  const auto becomes = [&finding](const char* state, std::string sentence, const char* missing = "") {
    finding.state = state;
    finding.sentence = std::move(sentence);
    finding.missing = missing;
  };
  finding.connection.clear();
  for (const Found& place : finding.places) {
    if (!place.cannot.empty()) return becomes("cannot", place.cannot);
  }
  if (finding.expires_at && is_past(*finding.expires_at))
    return becomes("cannot", fmt::format("It expired on {}.", finding.expires_at->substr(0, 10)));
  if (finding.type == "bitbucket" && finding.token().reveal().starts_with("ATBB"))
    return becomes("cannot", "It is an app password, and Bitbucket takes none any more. Make an API token.");
  if (finding.type.empty() && found.forge == "github")
    return becomes("cannot", "There is no type for a GitHub server of one's own.");
  if (finding.type.empty() && parts_of(found.path).size() > 1 && parts_of(found.path)[0] == "scm")
    return becomes("cannot", "Bitbucket on premises is not possible, only bitbucket.org.");
  if (finding.type.empty()) {
    const std::string likely = likely_type(found);
    return becomes("needs",
                   fmt::format("What runs on {} is for you to say. Add it with: forgelink add NAME --type {} "
                               "--server {} --token-stdin",
                               found.host, likely.empty() ? "TYPE" : likely, server_of(found, likely)),
                   "type");
  }
  finding.connection = existing(finding);
  if (!finding.connection.empty())
    return becomes("exists",
                   fmt::format("There is “{}” already.{}", finding.connection,
                               is_unnamed(finding) ? " If this is another account's, add it with: forgelink "
                                                     "add NAME --type " +
                                                         finding.type + " --token-stdin"
                                                   : ""));
  if (finding.type == "bitbucket" && finding.username.empty())
    return becomes(
        "needs",
        "Bitbucket needs the user name of the profile. Add it with: forgelink add NAME --type bitbucket "
        "--username USER --email ADDRESS --token-stdin",
        "username");
  if (finding.type == "azure-devops" && finding.organization.empty())
    return becomes("needs",
                   "Azure DevOps needs the organization. Add it with: forgelink add NAME --type azure-devops "
                   "--organization ORG --token-stdin",
                   "organization");
  becomes("new", "");
}

std::vector<Finding> ImportPlanner::plan(std::vector<Found> all) const {
  std::vector<Finding> findings;
  for (Found& found : all) {
    if (clean(found.path) != found.path) found.path.clear();  // no forge has such a path
    Finding one{.username = found.username, .email = found.email, .expires_at = found.expires_at};
    one.places.push_back(std::move(found));
    place(one);
    if (one.type.empty() && !may_be_forge(one.found())) continue;
    const auto known = std::find_if(findings.begin(), findings.end(),
                                    [&](const Finding& other) { return is_same(other, one); });
    if (known != findings.end()) {
      if (known->organization.empty()) known->organization = one.organization;
      join(*known, one);
    } else {
      findings.push_back(std::move(one));
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return (!a.username.empty() || !a.email.empty()) > (!b.username.empty() || !b.email.empty());
  });
  for (Finding& finding : findings) decide(finding);
  name(findings);
  return findings;
}

void ImportPlanner::name(std::vector<Finding>& findings) const {
  std::set<std::string> taken;
  for (const json::value& connection : connections_) taken.insert(lower_case(text(connection, "name")));
  const auto host_count = [&](const Finding& finding) {
    return std::count_if(findings.begin(), findings.end(), [&](const Finding& other) {
      return (other.state == "new" || other.state == "needs") &&
             same(other.found().host, finding.found().host);
    });
  };
  for (Finding& finding : findings) {
    if (finding.state != "new" && finding.state != "needs") continue;
    const std::string host = lower_case(finding.found().host).substr(0, 60);
    std::string who = !finding.username.empty() ? finding.username : finding.organization;
    if (who.size() > 39) who.clear();
    std::string name = host;
    if (!who.empty() && (host_count(finding) > 1 || taken.contains(name))) name += " " + who;
    const std::string base = name;
    for (int number = 2; taken.contains(lower_case(name)); ++number)
      name = fmt::format("{} {}", base.substr(0, 90), number);
    taken.insert(lower_case(name));
    finding.name = name;
  }
}

std::string ImportPlanner::other_of_account(const json::value& connection) const {
  const json::value* account = member(connection, "account");
  if (account == nullptr) return "";
  for (const json::value& other : connections_) {
    const json::value* theirs = member(other, "account");
    if (theirs != nullptr && text(other, "id") != text(connection, "id") &&
        text(other, "type") == text(connection, "type") &&
        text(other, "server_url") == text(connection, "server_url") &&
        same(text(other, "organization"), text(connection, "organization")) &&
        text(*theirs, "id") == text(*account, "id"))
      return text(other, "name");
  }
  return "";
}

}  // namespace forgelink::cli
