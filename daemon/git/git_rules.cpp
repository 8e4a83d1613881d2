// SPDX-License-Identifier: MIT
#include "daemon/git/git_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <filesystem>

#include "base/shell_word.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

constexpr std::size_t most_names = 10;  // of connections, in a sentence

std::string names_of(const Registry& registry, const std::vector<ConnectionId>& ids) {
  std::string names;
  for (std::size_t i = 0; i < ids.size() && i < most_names; ++i) {
    if (const Connection* connection = registry.find(ids[i]))
      names += fmt::format("{}“{}”", names.empty() ? "" : ", ", connection->name);
  }
  if (ids.size() > most_names) names += fmt::format(" and {} more", ids.size() - most_names);
  return names;
}

std::string account_of(const Connection& connection) {
  if (connection.username) return *connection.username;
  return connection.account ? connection.account->login.value_or("") : "";
}

// Does the rule's path fit, as the forge of its connection compares names? The index ignores case.
bool fits_exactly(const Rule& rule, const Connection& connection, const GitPath& path) {
  const Provider* provider = find_provider(connection.type);
  if (!rule.url || provider == nullptr || provider->repository_case == Case::ignored) return true;
  const GitPath wanted = RuleUrl::of_kept(*rule.url).path;
  return path.first(wanted.size()).without_suffix() == wanted;
}

Result<std::string> checked_folder(const std::string& directory) {
  if (directory.empty() || directory.front() != '/')
    return invalid("directory", "A rule's folder is named from the root on, as /home/me/work.");
  if (directory.size() >= PATH_MAX)
    return invalid("directory", "A rule's folder has a longer name than any folder has.");
  if (has_control_character(directory)) return invalid("directory", "`directory` holds a control character.");
  return resolved_folder(directory);
}

}  // namespace

std::string resolved_folder(const std::string& directory) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::weakly_canonical(directory, error);
  // A folder that may not be searched is compared by its text.
  if (error) folder = std::filesystem::path(directory).lexically_normal();
  if (!folder.has_filename() && folder.has_relative_path()) folder = folder.parent_path();
  return folder.string();
}

std::string in_words(const Rule& rule) {
  if (rule.url && rule.directory) return *rule.url + " in " + *rule.directory;
  return rule.url ? *rule.url : rule.directory.value_or("");
}

GitRules::GitRules(Registry& registry, const GitHosts& hosts, EventHub& events, const Clock& clock)
    : registry_(registry), hosts_(hosts), events_(events), clock_(clock) {
  for (const Rule& rule : registry_.rules()) index_.add(rule);
}

void GitRules::on_event(const Event& event) {
  if (event.kind != EventKind::connection_removed) return;
  // The registry has none of them any more: they went with the row.
  std::vector<RuleId> gone;
  index_.for_each([&](const Rule& rule) {
    if (rule.connection == event.connection->id) gone.push_back(rule.id);
  });
  for (const RuleId& id : gone) {
    index_.remove(id);
    events_.publish(
        {.kind = EventKind::rules_changed, .detail = {{"rule", id.text()}, {"change", "removed"}}});
  }
}

void GitRules::changed(const Rule& rule, std::string_view change) {
  events_.publish({.kind = EventKind::rules_changed,
                   .connection = registry_.find(rule.connection),
                   .detail = {{"rule", rule.id.text()}, {"change", change}}});
}

Result<Rule> GitRules::add(ConnectionId id, std::optional<std::string> url,
                           std::optional<std::string> directory) {
  const Connection* connection = registry_.find(id);
  if (connection == nullptr) return connection_gone();
  if (!url && !directory) return invalid("url", "A rule needs an address, a folder, or both.");
  Rule rule{.id = RuleId::make(), .connection = id, .created_at = clock_.now()};
  if (url) {
    Result<RuleUrl> parsed = RuleUrl::parse(*url);
    if (!parsed) return parsed.error();
    if (!hosts_.serves(*connection, parsed->origin))
      return invalid("url", fmt::format("“{}” does not serve {}.", connection->name, parsed->origin),
                     "Name an address of that connection's forge.");
    rule.url = parsed->text();
  }
  if (directory) {
    Result<std::string> folder = checked_folder(*directory);
    if (!folder) return folder.error();
    rule.directory = *folder;
  }
  // They go in the transaction that brings the new one: never do two rules stand for one place, nor none.
  const std::vector<RuleId> former = index_.same_as(rule);
  Result<> written = registry_.put_rule(rule, former);
  if (!written) return written.error();
  for (const RuleId& replaced : former) index_.remove(replaced);
  index_.add(rule);
  changed(rule, "added");
  return rule;
}

Result<> GitRules::remove(RuleId id) {
  const Rule* found = find(id);
  const Rule removed = found != nullptr ? *found : Rule{.id = id};
  Result<> gone = registry_.remove_rule(id);
  if (!gone) return gone;
  index_.remove(id);
  changed(removed, "removed");
  return {};
}

std::vector<Rule> GitRules::list(const std::optional<ConnectionId>& connection) const {
  std::vector<Rule> all;
  for (const Rule& rule : registry_.rules()) {
    if (!connection || rule.connection == *connection) all.push_back(rule);
  }
  return all;
}

const Rule* GitRules::find(RuleId id) const {
  const auto& all = registry_.rules();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == all.end() ? nullptr : &*found;
}

bool GitRules::is_in_force(const Rule& rule) const {
  const Connection* connection = registry_.find(rule.connection);
  return connection != nullptr &&
         (!rule.url || hosts_.serves(*connection, RuleUrl::of_kept(*rule.url).origin));
}

GitChoice GitRules::choose(const GitAddress& address) const {
  GitChoice choice{.candidates = hosts_.matching(address)};
  const std::size_t count = choice.candidates.count();
  if (count == 1) choice.connection = choice.candidates.all().front();
  if (count < 2 || index_.size() == 0) return choice;
  RuleQuestion asked{.origin = address.origin(), .path = GitPath::decoded(address.path.value_or(""))};
  // Only where a rule needs it, since it walks the disk each time that git asks.
  if (index_.has_folders() && address.directory.starts_with('/'))
    asked.directory = resolved_folder(address.directory);
  const Rule* best = index_.best(asked, [&](const Rule& rule) {
    const Connection* connection = registry_.find(rule.connection);
    return connection != nullptr && choice.candidates.contains(rule.connection) &&
           fits_exactly(rule, *connection, asked.path);
  });
  if (best == nullptr) return choice;
  choice.connection = best->connection;
  choice.rule = best->id;
  return choice;
}

std::string GitRules::ambiguity(const GitChoice& choice, const GitAddress& address) const {
  const std::vector<ConnectionId> ids = choice.candidates.all();
  // The owner, or what stands in its place: the first part below the root of the candidates.
  RuleUrl url{.origin = address.origin(), .path = GitPath::decoded(address.path.value_or(""))};
  url.path =
      url.path.is_crooked() ? GitPath() : url.path.first(choice.candidates.root_parts() + 1).without_suffix();
  const Connection* example = registry_.find(ids.front());
  return fmt::format("Several connections fit {}: {}. Say which one, for example: forgelink use {} --for {}",
                     url.text(), names_of(registry_, ids),
                     quoted(example != nullptr ? example->name : "NAME"), quoted(url.encoded()));
}

std::string GitRules::held_back(const GitAddress& address) const {
  const std::vector<ConnectionId> ids = hosts_.on_host(address);
  if (ids.empty()) return "";
  const Connection* first = registry_.find(ids.front());
  if (ids.size() == 1 && first != nullptr)
    return fmt::format("“{}” is not used for {}: {}", first->name, address.host, why_not(*first, address));
  GitAddress anybody = address;
  anybody.username.reset();
  if (address.username && !hosts_.matching(anybody).empty())
    return fmt::format("None of the connections on {} ({}) is of the user “{}”, whom git asks for.",
                       address.host, names_of(registry_, ids), *address.username);
  return fmt::format("None of the connections on {} ({}) is for this path.", address.host,
                     names_of(registry_, ids));
}

std::string GitRules::why_not(const Connection& connection, const GitAddress& address) const {
  GitAddress anybody = address;
  anybody.username.reset();
  if (address.username && hosts_.matching(anybody).contains(connection.id)) {
    const std::string account = account_of(connection);
    return account.empty()
               ? fmt::format("git asks for the user “{}”, and whose it is, is not known yet.",
                             *address.username)
               : fmt::format("git asks for the user “{}”, and it is “{}”.", *address.username, account);
  }
  const GitPath path = GitPath::decoded(address.path.value_or(""));
  if (path.has_dots()) return "the path holds `.` or `..`, which may lead elsewhere.";
  if (connection.organization)
    return fmt::format("it is for the organization “{}” only.", *connection.organization);
  if (connection.server_url) return fmt::format("it is for what lies below {}.", *connection.server_url);
  return "another connection is nearer to this path.";
}

}  // namespace forgelink
