// SPDX-License-Identifier: MIT
// The types of `connection.list`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/field_types.hpp"
#include "ipc/protocol/connection_view.hpp"

namespace forgelink::protocol {

struct ConnectionList {
  static constexpr std::string_view name = "connection.list";
  static constexpr std::string_view summary = "List the connections by name, one page at a time.";

  struct Params {
    ipc::Limit limit;
    std::optional<ipc::LongText> cursor;
    std::optional<std::string> type;

    void fields(auto& f) {
      f.optional("limit", limit, "How many at most.");
      f.optional("cursor", cursor, "next_cursor of the page before.");
      f.optional("type", type, "Only those of this type.");
    }
  };
  struct Reply {
    std::vector<ConnectionView> connections;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;

    void fields(auto& f) {
      f.required("connections", connections, "This page.");
      f.optional("next_cursor", next_cursor, "Where the next page begins; null at the end.");
      f.required("total", total, "How many there are in total.");
    }
  };
};

}  // namespace forgelink::protocol
