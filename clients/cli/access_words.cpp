// SPDX-License-Identifier: MIT
#include "clients/cli/access_words.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "clients/cli/context.hpp"
#include "ipc/protocol/access_place.hpp"
#include "ipc/protocol/connection_get.hpp"
#include "ipc/protocol/daemon_status.hpp"
#include "ipc/protocol/event_kind.hpp"

namespace forgelink::cli {

std::vector<std::string> use_cells(const protocol::AccessList::EntryView& entry) {
  return {rfc3339(entry.at),
          entry.connection_name,
          entry.program.value_or("(ended)"),
          entry.action,
          protocol::access_place(entry.host, entry.path),
          entry.outcome};
}

std::string use_in_words(const protocol::AccessList::EntryView& entry) {
  const std::vector<std::string> cells = use_cells(entry);
  return fmt::format("{}  {:<22}“{}”  {}  {}  {}  {}", cells[0], name_of(protocol::EventKind::token_used),
                     cells[1], cells[2], cells[3], cells[4], cells[5]);
}

void tell_lock(Context& context) {
  if (context.call<protocol::DaemonStatus>().reply.locked) print(std::string(locked_in_words) + "\n");
}

std::string name_of_connection(Context& context, const std::string& id) {
  constexpr std::chrono::seconds limit{10};
  const auto found = context.try_call<protocol::ConnectionGet>({.connection = id}, limit);
  const auto* answer = std::get_if<Answer<protocol::ConnectionGet>>(&found);
  return answer != nullptr ? answer->reply.connection.name : id;
}

}  // namespace forgelink::cli
