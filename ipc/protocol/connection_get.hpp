// SPDX-License-Identifier: MIT
// The types of `connection.get`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "ipc/protocol/connection_reply.hpp"

namespace forgelink::protocol {

struct ConnectionGet {
  static constexpr std::string_view name = "connection.get";
  static constexpr std::string_view summary = "Read one connection.";

  struct Params {
    std::string connection;
    void fields(auto& f) { f.required("connection", connection, "Its id or name."); }
  };
  using Reply = ConnectionReply;
};

}  // namespace forgelink::protocol
