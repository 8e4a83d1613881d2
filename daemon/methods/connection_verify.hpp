#pragma once

#include "daemon/connections.hpp"
#include "daemon/methods/connection_reply.hpp"

namespace forgelink {

struct ConnectionVerify {
  static constexpr std::string_view name = "connection.verify";
  static constexpr std::string_view summary =
      "Ask the forge now: whose token it is, what it may do, when it ends.";

  struct Params {
    std::string connection;
    void fields(auto& f) { f.required("connection", connection, "Its id or name."); }
  };
  using Reply = ConnectionReply;

  Connections& connections;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
