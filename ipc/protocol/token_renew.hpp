// SPDX-License-Identifier: MIT
// The types of `token.renew`. Plain values; any thread.
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
      "Rotate a connection's token now; copies of the old token elsewhere stop working.";

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
