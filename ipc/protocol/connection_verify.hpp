// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "ipc/protocol/connection_reply.hpp"

namespace forgelink::protocol {

struct ConnectionVerify {
  static constexpr std::string_view name = "connection.verify";
  static constexpr std::string_view summary =
      "Ask the forge now: whose token it is, what it may do, when it ends.";

  struct Params {
    std::string connection;
    void fields(auto& f) { f.required("connection", connection, "Its id or name."); }
  };
  using Reply = ConnectionReply;
};

}  // namespace forgelink::protocol
