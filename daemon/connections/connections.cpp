// SPDX-License-Identifier: MIT
// What the use cases share: finding a connection, and asking the forge about a token.
#include "daemon/connections/connections.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace forgelink {

Result<ConnectionId> Connections::find(std::string_view id_or_name) const {
  id_or_name = trimmed(id_or_name);
  // Should a connection be named like another's id, the id counts.
  if (const auto id = ConnectionId::parse(id_or_name)) {
    if (registry_.find(*id) != nullptr) return *id;
  }
  if (const Connection* named = registry_.find_by_name(id_or_name)) return named->id;
  return Error{.code = Errc::not_found,
               .message = fmt::format("There is no connection “{}”.", id_or_name),
               .field = "connection",
               .hint = "See them all with: forgelink list"};
}

std::string Connections::name_of(std::string_view id_or_name) const {
  const auto id = ConnectionId::parse(id_or_name);
  const Connection* found = id ? registry_.find(*id) : nullptr;
  if (found == nullptr) found = registry_.find_by_name(id_or_name);
  return found != nullptr ? found->name : "";
}

std::string Connections::name_of(const std::optional<std::string>& id_or_name) const {
  return id_or_name ? name_of(std::string_view(*id_or_name)) : "";
}

Result<> Connections::name_is_free(const Connection& connection) const {
  const Connection* holder = registry_.find_by_name(connection.name);
  if (holder == nullptr || holder->id == connection.id) return {};
  return Error{.code = Errc::name_taken,
               .message = fmt::format(
                   "There is a connection “{}” already; names differ by more than upper and lower case.",
                   holder->name),
               .field = "name"};
}

Result<> Connections::check_policy(const Connection& connection, Policy::Extent extent) const {
  return settings_.policy->check(connection, settings_.endpoints, clock_.now(), extent);
}

awaitable<Result<Verification>> Connections::ask(const Connection& connection, SharedSecret token) {
  const Provider* provider = find_provider(connection.type);
  Target target = target_of(connection, settings_.endpoints, std::move(token));
  Result<Verification> said = co_await provider->verify(http_, std::move(target));
  co_return said;
}

}  // namespace forgelink
