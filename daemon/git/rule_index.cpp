// SPDX-License-Identifier: MIT
#include "daemon/git/rule_index.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace forgelink {
namespace {

std::string folded(const std::string& origin, const GitPath& path) {
  return path.empty() ? origin : origin + "/" + lower_case(path.text());
}

// The folder and all above it, the deepest first, then none.
std::vector<std::string> upwards(const std::string& directory) {
  std::vector<std::string> all;
  for (std::string folder = directory; !folder.empty();) {
    all.push_back(folder);
    const auto slash = folder.rfind('/');
    if (slash == std::string::npos || folder == "/") break;
    folder.resize(slash == 0 ? 1 : slash);
  }
  all.emplace_back();
  return all;
}

}  // namespace

std::string RuleIndex::key_of(const Rule& rule) {
  if (!rule.url) return "";
  const RuleUrl url = RuleUrl::of_kept(*rule.url);
  return folded(url.origin, url.path);
}

void RuleIndex::add(const Rule& rule) {
  rules_.insert_or_assign(rule.id, rule);
  folders_ += rule.directory ? 1 : 0;
  by_url_[key_of(rule)][rule.directory.value_or("")].push_back(rule.id);
  if (rule.url) most_parts_ = std::max(most_parts_, RuleUrl::of_kept(*rule.url).path.size());
}

void RuleIndex::remove(RuleId id) {
  const auto found = rules_.find(id);
  if (found == rules_.end()) return;
  const auto url = by_url_.find(key_of(found->second));
  const auto folder = url->second.find(found->second.directory.value_or(""));
  std::erase(folder->second, id);
  if (folder->second.empty()) url->second.erase(folder);
  if (url->second.empty()) by_url_.erase(url);
  folders_ -= found->second.directory ? 1 : 0;
  rules_.erase(found);
}

const RuleIndex::Ids* RuleIndex::find_in(const ByDirectory* rules, const std::string& directory) {
  if (rules == nullptr) return nullptr;
  const auto found = rules->find(directory);
  return found == rules->end() ? nullptr : &found->second;
}

const RuleIndex::ByDirectory* RuleIndex::find_url(const std::string& key) const {
  const auto found = by_url_.find(key);
  return found == by_url_.end() ? nullptr : &found->second;
}

const Rule* RuleIndex::first_of(const Ids* ids, const std::function<bool(const Rule&)>& names) const {
  if (ids == nullptr) return nullptr;
  for (auto id = ids->rbegin(); id != ids->rend(); ++id) {
    const Rule& rule = rules_.at(*id);
    if (names(rule)) return &rule;
  }
  return nullptr;
}

const Rule* RuleIndex::best(const RuleQuestion& asked, const std::function<bool(const Rule&)>& names) const {
  if (rules_.empty()) return nullptr;
  const std::vector<std::string> folders = upwards(asked.directory);
  // ".git" and what git asks below it (info/lfs) do not count where a rule ends.
  const std::size_t parts = asked.path.is_crooked() ? 0 : std::min(asked.path.size(), most_parts_);
  for (std::size_t count = parts; count > 0; --count) {
    const ByDirectory* rules = find_url(folded(asked.origin, asked.path.first(count).without_suffix()));
    if (rules == nullptr) continue;
    for (const std::string& folder : folders) {
      if (const Rule* found = first_of(find_in(rules, folder), names)) return found;
    }
  }
  const ByDirectory* on_host = find_url(asked.origin);
  const ByDirectory* anywhere = find_url("");
  for (const std::string& folder : folders) {
    if (const Rule* found = first_of(find_in(on_host, folder), names)) return found;
    if (const Rule* found = first_of(find_in(anywhere, folder), names)) return found;
  }
  return nullptr;
}

std::vector<RuleId> RuleIndex::same_as(const Rule& rule) const {
  const Ids* same = find_in(find_url(key_of(rule)), rule.directory.value_or(""));
  return same == nullptr ? std::vector<RuleId>() : *same;
}

}  // namespace forgelink
