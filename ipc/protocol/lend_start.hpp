// SPDX-License-Identifier: MIT
// The types of `lend.start`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/field_types.hpp"
#include "ipc/protocol/lend_view.hpp"

namespace forgelink::protocol {

struct LendStart {
  static constexpr std::string_view name = "lend.start";
  static constexpr std::string_view summary =
      "Lend connections: a second socket that serves credential.get, repository.list, commit.list and "
      "daemon.status for them, and nothing else.";

  struct Params {
    std::vector<std::string> connections;
    std::optional<std::string> time;
    std::optional<ipc::LongText> socket;
    bool read_only = false;

    void fields(auto& f) {
      f.required("connections", connections, "Their ids or names.");
      f.optional("for", time, "How long: 30min, 8h (if left out), 2d.");
      f.optional("socket", socket, "An absolute path where no file is; chosen if left out.");
      f.optional("read_only", read_only,
                 "Lists only; git gets no token, since a fetch cannot be told from a push.");
    }
  };
  struct Reply {
    LendView lend;
    void fields(auto& f) { f.required("lend", lend, "What was lent."); }
  };
};

}  // namespace forgelink::protocol
