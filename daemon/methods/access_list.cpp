// SPDX-License-Identifier: MIT
#include "daemon/methods/access_list.hpp"

#include <charconv>

#include "daemon/lists/cursor.hpp"

namespace forgelink {
namespace {

std::optional<std::string> nonempty(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

// "TIME NUMBER" of the last entry of the page before.
std::string cursor_behind(const AccessLog::Place& place) {
  return cursor_of("log " + std::to_string(place.at.time_since_epoch().count()) + " " +
                   std::to_string(place.id));
}

std::optional<AccessLog::Place> place_behind(const std::string& cursor) {
  const auto text = cursor_text(cursor);
  if (!text || !text->starts_with("log ")) return std::nullopt;
  std::int64_t at = 0, id = 0;
  const char* const last = text->data() + text->size();
  const auto time = std::from_chars(text->data() + 4, last, at);
  if (time.ec != std::errc() || time.ptr == last || *time.ptr != ' ') return std::nullopt;
  const auto number = std::from_chars(time.ptr + 1, last, id);
  if (number.ec != std::errc() || number.ptr != last) return std::nullopt;
  return AccessLog::Place{.at = Time(std::chrono::seconds(at)), .id = id};
}

AccessList::EntryView view_of_entry(AccessEntry&& entry) {
  return {.at = entry.at,
          .connection = std::move(entry.connection),
          .connection_name = std::move(entry.connection_name),
          .action = std::string(name_of(entry.action)),
          .outcome = std::string(name_of(entry.outcome)),
          .program = nonempty(entry.caller->program),
          .executable = nonempty(entry.caller->executable),
          .directory = nonempty(std::move(entry.directory)),
          .host = nonempty(std::move(entry.host)),
          .path = nonempty(std::move(entry.path)),
          .pid = entry.caller->pid};
}

}  // namespace

awaitable<Result<AccessList::Reply>> AccessList::call(Params params) const {
  AccessLog::Query query{.since = params.since, .limit = static_cast<std::size_t>(params.limit.value)};
  if (params.connection) {
    // Uses of one that was removed are found by its id.
    Result<ConnectionId> id = connections.find(*params.connection);
    const auto removed = ConnectionId::parse(*params.connection);
    if (!id && !removed) co_return id.error();
    query.connection = id ? id->text() : removed->text();
  }
  if (params.cursor) {
    query.after = place_behind(params.cursor->value);
    if (!query.after)
      co_return invalid("cursor", "This is not a cursor of this list.",
                        "Take next_cursor of the page before.");
  }
  Result<AccessLog::Page> page = co_await log.list(std::move(query));
  if (!page) co_return page.error();
  Reply reply;
  reply.entries.reserve(page->entries.size());
  for (AccessEntry& entry : page->entries) reply.entries.push_back(view_of_entry(std::move(entry)));
  if (page->next) reply.next_cursor = cursor_behind(*page->next);
  co_return reply;
}

}  // namespace forgelink
