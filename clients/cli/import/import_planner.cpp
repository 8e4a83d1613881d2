// SPDX-License-Identifier: MIT
#include "clients/cli/import/import_planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/shell_word.hpp"
#include "base/text.hpp"
#include "clients/cli/import/recognition.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

// Limits of a proposed name, well below the 100 characters of a connection's.
constexpr std::size_t longest_host = 60, longest_user = 39, longest_base = 90;

bool same(const std::string& a, const std::string& b) { return equal_ignoring_case(a, b); }

bool is_self_hosted(const TypeView& type) { return type.git_hosts.empty(); }

// What a person has to add by hand, with the command for it.
std::string lacks(const TypeView& type, const Finding& finding, std::string_view field,
                  std::string_view what) {
  std::string command = "forgelink add NAME --type " + finding.type;
  if (!finding.server_url.empty()) command += " --server " + quoted(finding.server_url);
  command += field == "username" ? " --username USER" : " --organization ORG";
  if (has_field(type, "email")) command += " --email ADDRESS";
  return fmt::format("{} needs {}. Add it with: {} --token-stdin", type.label, what, command);
}

bool is_past(const std::string& date) {
  const auto time = parse_time(date);
  return time && *time <= SystemClock().now();
}

// A machine in a netrc may be anything; these are forges by what is known of them.
bool may_be_forge(const Found& found) {
  return found.source != "netrc" || looks_like_token(found.token.reveal()) ||
         found.host.starts_with("gitlab.") || found.host.starts_with("git.");
}

bool is_of(const protocol::ConnectionView& connection, const Finding& finding) {
  const auto is = [](const std::optional<std::string>& known, const std::string& told) {
    return !told.empty() && known && same(*known, told);
  };
  if (is(connection.username, finding.username) || is(connection.email, finding.email)) return true;
  if (!connection.account) return false;
  const protocol::AccountView& account = *connection.account;
  return is(account.login, finding.username) || is(account.login, finding.email) ||
         is(account.email, finding.email);
}

// Could the finding's token be for the connection's forge and organization?
bool is_at(const protocol::ConnectionView& connection, const Finding& finding) {
  if (connection.type != finding.type) return false;
  const std::string server = connection.server_url.value_or(""),
                    organization = connection.organization.value_or("");
  if (!finding.server_url.empty() && !same(host_of(server), host_of(finding.server_url))) return false;
  return organization.empty() || finding.organization.empty() || same(organization, finding.organization);
}

bool wants_name(const Finding& finding) { return finding.state == "new" || finding.state == "needs"; }

}  // namespace

ImportPlanner::ImportPlanner(std::vector<TypeView> types, std::vector<protocol::ConnectionView> connections)
    : types_(std::move(types)), connections_(std::move(connections)), known_before_(connections_.size()) {}

std::string ImportPlanner::label_of(const std::string& type) const {
  const TypeView* known = type_of(type);
  return known == nullptr ? type : known->label;
}

bool ImportPlanner::has_field(const std::string& type, std::string_view name) const {
  const TypeView* known = type_of(type);
  return known != nullptr && cli::has_field(*known, name);
}

std::set<std::string> ImportPlanner::hosts_of_program(const std::string& program) const {
  std::set<std::string> hosts;
  for (const TypeView& type : types_) {
    if (is_for_program(type, program)) hosts.merge(hosts_of(type));
  }
  return hosts;
}

std::vector<std::string> ImportPlanner::self_hosted() const {
  std::vector<std::string> types;
  for (const TypeView& type : types_) {
    if (is_self_hosted(type)) types.push_back(type.id);
  }
  return types;
}

std::string ImportPlanner::server_of(const Found& found, const std::string& type) const {
  return server_address(found, type_of(type));
}

void ImportPlanner::drop_placeholders(Finding& finding) const {
  for (const TypeView& type : types_) {
    if (finding.type.empty() || type.id == finding.type) drop_placeholder(finding, type);
  }
}

const TypeView* ImportPlanner::likely_type(const Found& found) const {
  const auto first = [&](const auto& speaks_for) -> const TypeView* {
    const auto at = std::find_if(types_.begin(), types_.end(), [&](const TypeView& type) {
      return is_self_hosted(type) && speaks_for(type);
    });
    return at == types_.end() ? nullptr : &*at;
  };
  // From the surest sign to the weakest.
  const TypeView* likely =
      first([&](const TypeView& type) { return place_of_mark(type, found).has_value(); });
  if (likely == nullptr)
    likely = first([&](const TypeView& type) { return is_for_program(type, found.source); });
  if (likely == nullptr)
    likely = first([&](const TypeView& type) { return begins_as_token_of(type, found.token); });
  return likely;
}

void ImportPlanner::place(Finding& finding) const {
  const Found& found = finding.found();
  const std::string host = lower_case(found.host);
  for (const TypeView& type : types_) {
    if (!has_host(type, host)) continue;
    finding.type = type.id;
    drop_placeholders(finding);  // before it is taken for an organization
    if (cli::has_field(type, "organization")) find_organization(finding, type);
  }
  if (!finding.type.empty()) return;
  // A server that a connection names is known, whatever the token looks like.
  for (const protocol::ConnectionView& connection : connections_) {
    if (!connection.server_url || !same(host_of(*connection.server_url), found.host)) continue;
    finding.type = connection.type;
    finding.server_url = *connection.server_url;
    return;
  }
  const TypeView* likely = likely_type(found);
  if (likely == nullptr) return;
  if (is_for_program(*likely, found.source) || likely->recognition.marks_decide) {
    finding.type = likely->id;
    finding.server_url = server_of(found, finding.type);
  }
}

std::string ImportPlanner::existing(const Finding& finding) const {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    if (!is_at(connections_[i], finding)) continue;
    // A token without a name may be any account's. Of the connections created a moment ago the forge will
    // tell.
    const bool may_be = finding.is_unnamed() && i < known_before_;
    if (may_be || is_of(connections_[i], finding)) return connections_[i].name;
  }
  return "";
}

std::string ImportPlanner::obstacle(const Finding& finding, const TypeView* type) const {
  for (const Found& place : finding.places) {
    if (!place.cannot.empty()) return place.cannot;
  }
  if (finding.expires_at && is_past(*finding.expires_at))
    return fmt::format("It expired on {}.", finding.expires_at->substr(0, 10));
  if (type == nullptr) return "";
  for (const auto& dead : type->recognition.dead_tokens) {
    if (finding.token().reveal().starts_with(dead.prefix)) return dead.reason;
  }
  return "";
}

void ImportPlanner::decide(Finding& finding) const {
  const auto becomes = [&finding](const char* state, std::string sentence, const char* missing = "") {
    finding.state = state;
    finding.sentence = std::move(sentence);
    finding.missing = missing;
  };
  finding.connection.clear();
  const TypeView* type = type_of(finding.type);
  if (std::string why = obstacle(finding, type); !why.empty()) return becomes("cannot", std::move(why));
  if (type == nullptr) {
    const Found& found = finding.found();
    const TypeView* likely = likely_type(found);
    return becomes("needs",
                   fmt::format("What runs on {} is for you to say. Add it with: forgelink add NAME --type {} "
                               "--server {} --token-stdin",
                               found.host, likely == nullptr ? "TYPE" : likely->id,
                               quoted(server_address(found, likely))),
                   "type");
  }
  finding.connection = existing(finding);
  if (!finding.connection.empty()) {
    std::string sentence = fmt::format("There is “{}” already.", finding.connection);
    if (finding.is_unnamed())
      sentence += " If this is another account's, add it with: forgelink add NAME --type " + finding.type +
                  " --token-stdin";
    return becomes("exists", std::move(sentence));
  }
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
    drop_placeholders(one);
    if (one.type.empty() && !may_be_forge(one.found())) continue;
    const auto known = std::find_if(findings.begin(), findings.end(),
                                    [&](const Finding& other) { return is_same(other, one); });
    if (known != findings.end()) {
      join(*known, std::move(one));
    } else {
      findings.push_back(std::move(one));
    }
  }
  // Whose an unnamed token is shows only when it is imported. By then its account's named one is there.
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return !a.is_unnamed() && b.is_unnamed(); });
  for (Finding& finding : findings) decide(finding);
  name(findings);
  return findings;
}

void ImportPlanner::name(std::vector<Finding>& findings) const {
  std::set<std::string> taken;
  for (const protocol::ConnectionView& connection : connections_) taken.insert(lower_case(connection.name));
  const auto host_count = [&](const Finding& finding) {
    return std::count_if(findings.begin(), findings.end(), [&](const Finding& other) {
      return wants_name(other) && same(other.found().host, finding.found().host);
    });
  };
  for (Finding& finding : findings) {
    if (!wants_name(finding)) continue;
    std::string who = !finding.username.empty() ? finding.username : finding.organization;
    if (who.size() > longest_user) who.clear();
    std::string name = lower_case(finding.found().host).substr(0, longest_host);
    if (!who.empty() && (host_count(finding) > 1 || taken.contains(name))) name += " " + who;
    const std::string base = name;
    for (int number = 2; taken.contains(lower_case(name)); ++number)
      name = fmt::format("{} {}", base.substr(0, longest_base), number);
    taken.insert(lower_case(name));
    finding.name = name;
  }
}

std::string ImportPlanner::other_of_account(const protocol::ConnectionView& connection) const {
  if (!connection.account) return "";
  for (const protocol::ConnectionView& other : connections_) {
    const bool same_account = other.account && other.account->id == connection.account->id;
    if (same_account && other.id != connection.id && other.type == connection.type &&
        other.server_url == connection.server_url &&
        same(other.organization.value_or(""), connection.organization.value_or("")))
      return other.name;
  }
  return "";
}

}  // namespace forgelink::cli
