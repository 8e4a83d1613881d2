// SPDX-License-Identifier: MIT
// An index of rules that finds the best one for an address without a scan.
//
// A rule is better with more parts in its path, then with the deeper folder, then with a host. Paths are
// compared without regard to the case of ASCII letters; a forge that does regard it is asked in `names`.
// Costs as many look-ups as the path has parts, times the depth of the folder. Pure data; not for more than
// one thread.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/git/rule_url.hpp"
#include "storage/rule.hpp"

namespace forgelink {

// What git asks for, as far as rules regard it.
struct RuleQuestion {
  std::string origin;     // "https://host[:port]", as git spells it
  GitPath path;           // empty: not told
  std::string directory;  // "": not told
};

class RuleIndex {
 public:
  void add(const Rule& rule);
  void remove(RuleId id);
  std::size_t size() const { return rules_.size(); }
  bool has_folders() const { return folders_ > 0; }
  void for_each(const std::function<void(const Rule&)>& visit) const {
    for (const auto& [id, rule] : rules_) visit(rule);
  }

  // The best rule for which `names` is true; null if there is none. Of equal ones the newest. Valid until the
  // next change.
  const Rule* best(const RuleQuestion& asked, const std::function<bool(const Rule&)>& names) const;

  // The rules with the same conditions: the same address but for case, and the same folder.
  std::vector<RuleId> same_as(const Rule& rule) const;

 private:
  using Ids = std::vector<RuleId>;
  using ByDirectory = std::unordered_map<std::string, Ids>;  // "" for rules without a folder

  static std::string key_of(const Rule& rule);
  const Rule* first_of(const Ids* ids, const std::function<bool(const Rule&)>& names) const;
  static const Ids* find_in(const ByDirectory* rules, const std::string& directory);
  const ByDirectory* find_url(const std::string& key) const;

  std::unordered_map<RuleId, Rule> rules_;
  std::unordered_map<std::string, ByDirectory> by_url_;  // "" for rules without an address
  std::size_t most_parts_ = 0;                           // of all paths there were
  std::size_t folders_ = 0;                              // rules with a folder
};

}  // namespace forgelink
