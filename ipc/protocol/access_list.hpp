// SPDX-License-Identifier: MIT
// The types of `access.list`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "ipc/field_types.hpp"

namespace forgelink::protocol {

struct AccessList {
  static constexpr std::string_view name = "access.list";
  static constexpr std::string_view summary =
      "List the access log, newest first: which program used which connection, and for what.";

  struct Params {
    std::optional<std::string> connection;
    std::optional<Time> since;
    ipc::Limit limit;
    std::optional<ipc::LongText> cursor;
    void fields(auto& f) {
      f.optional("connection", connection, "Only uses of this one: its id or name.");
      f.optional("since", since, "Only uses since that time.");
      f.optional("limit", limit, "How many at most.");
      f.optional("cursor", cursor, "The next_cursor of the page before.");
    }
  };
  struct EntryView {
    Time at{};
    std::string connection, connection_name, action, outcome;
    std::optional<std::string> program, executable, directory, host, path;
    std::int64_t pid = 0;
    void fields(auto& f) {
      f.required("at", at, "When.");
      f.required("connection", connection, "The id of the connection, which may have been removed since.");
      f.required("connection_name", connection_name, "Its name at that time.");
      f.required("action", action, "git, repositories, commits, verify, api, run or lend.");
      f.optional("program", program, "The program, by the name people know; null if it had ended already.");
      f.optional("executable", executable, "Its path; its bare name if the path was hidden.");
      f.required("pid", pid, "Its process id.");
      f.optional("directory", directory, "Where it worked.");
      f.optional("host", host, "The host it was for.");
      f.optional("path", path, "The repository or path it was for.");
      f.required("outcome", outcome, "given, refused (there was none to give) or denied (by the person).");
    }
  };
  struct Reply {
    std::vector<EntryView> entries;
    std::optional<std::string> next_cursor;
    void fields(auto& f) {
      f.required("entries", entries, "The newest first.");
      f.optional("next_cursor", next_cursor, "Where the next page begins; null at the end.");
    }
  };
};

}  // namespace forgelink::protocol
