// SPDX-License-Identifier: MIT
#include "clients/cli/import/import_planner.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cctype>
#include <ctime>

#include "base/shell_word.hpp"
#include "base/text.hpp"
#include "clients/cli/context.hpp"
#include "clients/cli/terminal.hpp"

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

const json::value& recognition_of(const json::value& type) {
  static const json::value none = json::object();
  const json::value* found = member(type, "recognition");
  return found == nullptr ? none : *found;
}

std::vector<std::string> words_in(const json::value& object, std::string_view name) {
  std::vector<std::string> words;
  const json::value* list = member(object, name);
  if (list == nullptr || !list->is_array()) return words;
  for (const json::value& word : list->get_array()) {
    if (word.is_string()) words.emplace_back(word.get_string());
  }
  return words;
}

bool has_field(const json::value& type, std::string_view name, bool required = false) {
  const json::value* fields = member(type, "fields");
  if (fields == nullptr || !fields->is_array()) return false;
  return std::any_of(fields->get_array().begin(), fields->get_array().end(), [&](const json::value& field) {
    const json::value* must = member(field, "required");
    return text(field, "name") == name &&
           (!required || (must != nullptr && must->is_bool() && must->get_bool()));
  });
}

bool is_for_program(const json::value& type, const std::string& program) {
  const auto programs = words_in(recognition_of(type), "programs");
  return std::find(programs.begin(), programs.end(), program) != programs.end();
}

// Is that the host under another of its names? "*.example.com" takes one label before it, which is then the
// organization.
bool is_alias(const std::string& alias, const std::string& host, std::string* label = nullptr) {
  if (!alias.starts_with("*.")) return alias == host;
  const std::string end = alias.substr(1);
  if (!host.ends_with(end) || host.size() == end.size()) return false;
  const std::string before = host.substr(0, host.size() - end.size());
  if (before.find('.') != std::string::npos) return false;
  if (label != nullptr) *label = before;
  return true;
}

// The organization is the label before an old host, or stands first in the path, or in place of the user.
void find_organization(Finding& finding, const json::value& type) {
  const Found& found = finding.found();
  std::string label;
  for (const std::string& alias : words_in(recognition_of(type), "host_aliases")) {
    if (label.empty()) is_alias(alias, lower_case(found.host), &label);
  }
  if (!label.empty()) {
    finding.organization = label;
  } else if (const auto parts = parts_of(found.path); !parts.empty() && is_organization(parts[0])) {
    finding.organization = parts[0];
  } else if (is_organization(finding.username)) {
    finding.organization = finding.username;
  }
  if (same(finding.organization, finding.username)) finding.username.clear();
}

std::size_t parts_before_mark(const json::value& type) {
  const json::value* told = member(recognition_of(type), "parts_before_mark");
  return told != nullptr && told->is_int64() ? static_cast<std::size_t>(told->get_int64()) : 0;
}

// Where in the path that part stands which only this type's addresses have; nothing if it does not.
std::optional<std::size_t> place_of_mark(const json::value& type, const Found& found) {
  const std::string mark = text(recognition_of(type), "path_mark");
  if (mark.empty()) return std::nullopt;
  const auto parts = parts_of(found.path);
  const auto at = std::find(parts.begin(), parts.end(), mark);
  // At the root, project and repository follow the mark: a group may be called so as well.
  const std::ptrdiff_t after = parts_before_mark(type) == 0 ? 2 : 1;
  if (parts.end() - at <= after) return std::nullopt;
  return static_cast<std::size_t>(at - parts.begin());
}

bool begins_as_token_of(const json::value& type, const Secret& token) {
  const auto prefixes = words_in(recognition_of(type), "token_prefixes");
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return token.reveal().starts_with(prefix); });
}

// What a person has to add by hand, with the command for it.
std::string lacks(const json::value& type, const Finding& finding, std::string_view field,
                  std::string_view what) {
  std::string command = "forgelink add NAME --type " + finding.type;
  if (!finding.server_url.empty()) command += " --server " + quoted(finding.server_url);
  command += field == "username" ? " --username USER" : " --organization ORG";
  if (has_field(type, "email")) command += " --email ADDRESS";
  return fmt::format("{} needs {}. Add it with: {} --token-stdin", text(type, "label"), what, command);
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

const json::value* ImportPlanner::type_of(const std::string& id) const {
  for (const json::value& one : types_) {
    if (text(one, "id") == id) return &one;
  }
  return nullptr;
}

std::string ImportPlanner::label_of(const std::string& type) const {
  const json::value* known = type_of(type);
  return known == nullptr ? type : text(*known, "label");
}

bool ImportPlanner::has_field(const std::string& type, std::string_view name) const {
  const json::value* known = type_of(type);
  return known != nullptr && cli::has_field(*known, name);
}

std::set<std::string> ImportPlanner::hosts_of(const json::value& type) {
  std::set<std::string> hosts;
  for (const json::value& root : type.at("git_hosts").as_array())
    hosts.insert(host_of(std::string(root.as_string())));
  return hosts;
}

std::set<std::string> ImportPlanner::hosts_of_program(const std::string& program) const {
  std::set<std::string> hosts;
  for (const json::value& type : types_) {
    if (is_for_program(type, program)) hosts.merge(hosts_of(type));
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

std::string ImportPlanner::server_of(const Found& found, const std::string& type) const {
  const json::value* known = type_of(type);
  const std::string root = (found.scheme.empty() ? "https" : found.scheme) + "://" + lower_case(found.host);
  const auto parts = parts_of(found.path);
  // What a program for this forge alone calls the path of a host is the server's sub-path.
  std::size_t count = known != nullptr && is_for_program(*known, found.source) ? parts.size() : 0;
  if (const auto mark = known == nullptr ? std::nullopt : place_of_mark(*known, found)) {
    const std::size_t before = parts_before_mark(*known);
    count = *mark > before ? *mark - before : before == 0 ? *mark : 0;
  }
  std::string url = root;
  for (std::size_t i = 0; i < count; ++i) url += "/" + parts[i];
  return url;
}

// Takes away a user name that names nobody: of the finding's type, or of any as long as it has none.
void ImportPlanner::drop_placeholder(Finding& finding) const {
  for (const json::value& type : types_) {
    if (!finding.type.empty() && text(type, "id") != finding.type) continue;
    for (const std::string& name : words_in(recognition_of(type), "placeholder_usernames")) {
      if (same(name, finding.username)) finding.username.clear();
    }
  }
}

// The self-hosted type that a mark in the path, the program or the token speaks for; null where nothing does.
const json::value* ImportPlanner::likely_type(const Found& found) const {
  const auto first = [&](const auto& speaks_for) -> const json::value* {
    for (const json::value& type : types_) {
      if (type.at("git_hosts").as_array().empty() && speaks_for(type)) return &type;
    }
    return nullptr;
  };
  const json::value* likely =
      first([&](const json::value& type) { return place_of_mark(type, found).has_value(); });
  if (likely == nullptr)
    likely = first([&](const json::value& type) { return is_for_program(type, found.source); });
  if (likely == nullptr)
    likely = first([&](const json::value& type) { return begins_as_token_of(type, found.token); });
  return likely;
}

// The type and the server, as far as they can be told.
void ImportPlanner::place(Finding& finding) const {
  const Found& found = finding.found();
  const std::string host = lower_case(found.host);
  for (const json::value& type : types_) {
    const auto aliases = words_in(recognition_of(type), "host_aliases");
    const bool alias = std::any_of(aliases.begin(), aliases.end(),
                                   [&](const std::string& one) { return is_alias(one, host); });
    if (!alias && !hosts_of(type).contains(host)) continue;
    finding.type = text(type, "id");
    drop_placeholder(finding);  // before it is taken for an organization
    if (cli::has_field(type, "organization")) find_organization(finding, type);
  }
  if (!finding.type.empty()) return;
  for (const json::value& connection : connections_) {
    const std::string server = text(connection, "server_url");
    if (server.empty() || !same(host_of(server), found.host)) continue;
    finding.type = text(connection, "type");
    finding.server_url = server;
    return;
  }
  const json::value* likely = likely_type(found);
  if (likely == nullptr) return;
  const json::value* decide = member(recognition_of(*likely), "marks_decide");
  if (is_for_program(*likely, found.source) ||
      (decide != nullptr && decide->is_bool() && decide->get_bool())) {
    finding.type = text(*likely, "id");
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
  const json::value* type = type_of(finding.type);
  const json::value* dead = type == nullptr ? nullptr : member(recognition_of(*type), "dead_tokens");
  if (dead != nullptr && dead->is_array()) {
    for (const json::value& kind : dead->get_array()) {
      if (finding.token().reveal().starts_with(text(kind, "prefix")))
        return becomes("cannot", text(kind, "reason"));
    }
  }
  if (type == nullptr) {
    const json::value* likely_one = likely_type(found);
    const std::string likely = likely_one == nullptr ? "" : text(*likely_one, "id");
    return becomes(
        "needs",
        fmt::format("What runs on {} is for you to say. Add it with: forgelink add NAME --type {} "
                    "--server {} --token-stdin",
                    found.host, likely.empty() ? "TYPE" : likely, quoted(server_of(found, likely))),
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
  if (finding.username.empty() && cli::has_field(*type, "username", true))
    return becomes("needs", lacks(*type, finding, "username", "the user name"), "username");
  if (finding.organization.empty() && cli::has_field(*type, "organization"))
    return becomes("needs", lacks(*type, finding, "organization", "the organization"), "organization");
  becomes("new", "");
}

std::vector<Finding> ImportPlanner::plan(std::vector<Found> all) const {
  std::vector<Finding> findings;
  for (Found& found : all) {
    if (clean(found.path) != found.path) found.path.clear();  // no forge has such a path
    Finding one{.username = found.username, .email = found.email, .expires_at = found.expires_at};
    one.places.push_back(std::move(found));
    place(one);
    drop_placeholder(one);
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
