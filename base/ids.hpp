// SPDX-License-Identifier: MIT
// Names for things that must not be mixed up: a connection, a token's item in the secret store.
//
// An id is a UUID of version 7 (RFC 9562 section 5.7): made anywhere, unique everywhere, sorted by time of
// making.
#pragma once

#include <boost/functional/hash.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_hash.hpp>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

boost::uuids::uuid make_uuid();
std::optional<boost::uuids::uuid> parse_uuid(std::string_view text);  // the canonical form only
std::string to_text(const boost::uuids::uuid& uuid);

template <class Tag>
class Id {
 public:
  Id() = default;
  static Id make() { return Id(make_uuid()); }
  static std::optional<Id> parse(std::string_view text) {
    const auto uuid = parse_uuid(text);
    return uuid ? std::optional(Id(*uuid)) : std::nullopt;
  }

  std::string text() const { return to_text(uuid_); }
  std::strong_ordering operator<=>(const Id&) const = default;
  bool operator==(const Id&) const = default;
  std::size_t hash() const { return boost::uuids::hash_value(uuid_); }

 private:
  explicit Id(const boost::uuids::uuid& uuid) : uuid_(uuid) {}

  boost::uuids::uuid uuid_{};
};

using ConnectionId = Id<struct ConnectionTag>;
using ItemId = Id<struct ItemTag>;

}  // namespace forgelink

template <class Tag>
struct std::hash<forgelink::Id<Tag>> {
  std::size_t operator()(const forgelink::Id<Tag>& id) const { return id.hash(); }
};
