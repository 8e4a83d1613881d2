// SPDX-License-Identifier: MIT
// The connections in memory: by id, by name, and by name within their type.
//
// Names are compared by their key (storage/name_key.hpp), which is unique: whoever keeps a connection has
// looked that its name is free. Not for more than one thread. A pointer holds until its connection is
// forgotten.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/connection.hpp"

namespace forgelink {

class ConnectionIndex {
 public:
  std::size_t size() const { return by_id_.size(); }
  std::size_t count(std::string_view type) const;  // all if `type` is empty

  // nullptr if there is none.
  Connection* find(ConnectionId id);
  const Connection* find(ConnectionId id) const;
  const Connection* find_by_name(std::string_view key) const;

  // By name, after the key `after` ("" = from the start), at most `limit`; only those of `type` unless empty.
  std::vector<const Connection*> page(std::string_view after, std::size_t limit, std::string_view type) const;
  // In the order of their making.
  void for_each(const std::function<void(const Connection&)>& visit) const;

  // Into an empty index, until `next` has no more to write. Quicker than one by one: nothing is moved, and
  // the names are sorted once.
  void fill(const std::function<bool(Connection&)>& next);

  // In place of the one with this id, if there is one.
  void keep(Connection connection);
  void forget(ConnectionId id);

 private:
  // Its keys are views of those in `by_name_`.
  using NamesOfType = std::map<std::string_view, const Connection*>;

  void add_name(std::string key, const Connection* connection);
  void forget_name(const Connection& connection);

  std::map<ConnectionId, Connection> by_id_;
  std::map<std::string, const Connection*, std::less<>> by_name_;
  std::map<std::string, NamesOfType, std::less<>> by_type_;
};

}  // namespace forgelink
