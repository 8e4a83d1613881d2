// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_list.hpp"

#include "daemon/lists/cursor.hpp"
#include "daemon/model/connection_rules.hpp"
#include "storage/name_key.hpp"

namespace forgelink {
namespace {

// Another list's cursor is none of this one's.
constexpr std::string_view mark_of_cursor = "connections ";

}  // namespace

Result<ConnectionList::Reply> ConnectionList::call(Params params) const {
  const std::string type = params.type.value_or("");
  if (!type.empty()) {
    Result<const Provider*> known = check_type(type);
    if (!known) return known.error();
  }
  // The cursor is the key of the last name seen, so that a page stays right when others come and go.
  std::string after;
  if (params.cursor) {
    const auto key = cursor_text(params.cursor->value);
    if (!key || !key->starts_with(mark_of_cursor))
      return invalid("cursor", "This is not a cursor of connection.list.");
    after = key->substr(mark_of_cursor.size());
  }
  const auto limit = static_cast<std::size_t>(params.limit.value);
  std::vector<const Connection*> page = viewer.registry.page(after, limit + 1, type);
  Reply reply{.total = static_cast<std::int64_t>(viewer.registry.count(type))};
  const bool more = page.size() > limit;
  if (more) {
    page.pop_back();
    reply.next_cursor = cursor_of(std::string(mark_of_cursor) + name_key(page.back()->name));
  }
  reply.connections.reserve(page.size());
  for (const Connection* connection : page) reply.connections.push_back(viewer.show(*connection));
  return reply;
}

}  // namespace forgelink
