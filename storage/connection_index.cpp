// SPDX-License-Identifier: MIT
#include "storage/connection_index.hpp"

#include <algorithm>

#include "storage/name_key.hpp"

namespace forgelink {
namespace {

template <class Names>
std::vector<const Connection*> page_of(const Names& names, std::string_view after, std::size_t limit) {
  std::vector<const Connection*> page;
  auto at = after.empty() ? names.begin() : names.upper_bound(after);
  for (; at != names.end() && page.size() < limit; ++at) page.push_back(at->second);
  return page;
}

}  // namespace

std::size_t ConnectionIndex::count(std::string_view type) const {
  if (type.empty()) return size();
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? 0 : found->second.size();
}

Connection* ConnectionIndex::find(ConnectionId id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

const Connection* ConnectionIndex::find(ConnectionId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

const Connection* ConnectionIndex::find_by_name(std::string_view key) const {
  const auto found = by_name_.find(key);
  return found == by_name_.end() ? nullptr : found->second;
}

std::vector<const Connection*> ConnectionIndex::page(std::string_view after, std::size_t limit,
                                                     std::string_view type) const {
  if (type.empty()) return page_of(by_name_, after, limit);
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? std::vector<const Connection*>() : page_of(found->second, after, limit);
}

void ConnectionIndex::for_each(const std::function<void(const Connection&)>& visit) const {
  for (const auto& [id, connection] : by_id_) visit(connection);
}

void ConnectionIndex::fill(const std::function<bool(Connection&)>& next) {
  while (true) {
    std::map<ConnectionId, Connection> blank;
    auto row = blank.extract(blank.try_emplace({}).first);
    if (!next(row.mapped())) break;
    row.key() = row.mapped().id;
    // Ids grow with time: the next one is the last.
    by_id_.insert(by_id_.end(), std::move(row));
  }
  // Apart, so that the keys lie side by side for the sorting.
  std::vector<std::pair<std::string, const Connection*>> names;
  names.reserve(size());
  for (const auto& [id, connection] : by_id_) names.emplace_back(name_key(connection.name), &connection);
  std::sort(names.begin(), names.end());
  for (auto& [key, connection] : names) add_name(std::move(key), connection);
}

void ConnectionIndex::keep(Connection connection) {
  const auto [at, is_new] = by_id_.try_emplace(connection.id);
  Connection& place = at->second;
  // Before the row is overwritten: the keys are found by its old name and type.
  if (!is_new) forget_name(place);
  place = std::move(connection);
  add_name(name_key(place.name), &place);
}

void ConnectionIndex::add_name(std::string key, const Connection* connection) {
  // Right in fill(), where names come sorted; elsewhere a wrong hint costs only its comparison.
  const auto name = by_name_.emplace_hint(by_name_.end(), std::move(key), connection);
  NamesOfType& names = by_type_[connection->type];
  names.emplace_hint(names.end(), name->first, connection);
}

void ConnectionIndex::forget(ConnectionId id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  forget_name(found->second);
  by_id_.erase(found);
}

void ConnectionIndex::forget_name(const Connection& connection) {
  const auto name = by_name_.find(name_key(connection.name));
  const auto type = by_type_.find(connection.type);
  // First, as its key is a view of the one in `by_name_`.
  type->second.erase(name->first);
  if (type->second.empty()) by_type_.erase(type);
  by_name_.erase(name);
}

}  // namespace forgelink
