// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "ipc/protocol/connection_reply.hpp"

namespace forgelink::protocol {

struct TokenRenew {
  static constexpr std::string_view name = "token.renew";
  static constexpr std::string_view summary =
      "Trade a connection's token for a new one now; copies of the old one elsewhere stop working.";

  struct Params {
    std::string connection;
    std::optional<Time> expires_at;
    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.optional("expires_at", expires_at,
                 "The day on which the new one ends; as long as the old one's life, at most a year, if left "
                 "out.");
    }
  };
  using Reply = ConnectionReply;
};

}  // namespace forgelink::protocol
