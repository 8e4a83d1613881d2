// SPDX-License-Identifier: MIT
// The types of `connection.verify`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "ipc/protocol/connection_reply.hpp"

namespace forgelink::protocol {

struct ConnectionVerify {
  static constexpr std::string_view name = "connection.verify";
  static constexpr std::string_view summary =
      "Verify the token with the forge now: its account, scopes and expiry.";

  struct Params {
    std::string connection;
    void fields(auto& f) { f.required("connection", connection, "Its id or name."); }
  };
  using Reply = ConnectionReply;
};

}  // namespace forgelink::protocol
