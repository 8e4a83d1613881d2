#pragma once

#include "daemon/connections.hpp"
#include "daemon/methods/connection_reply.hpp"

namespace forgelink {

struct ConnectionGet {
  static constexpr std::string_view name = "connection.get";
  static constexpr std::string_view summary = "Read one connection.";

  struct Params {
    std::string connection;
    void fields(auto& f) { f.required("connection", connection, "Its id or name."); }
  };
  using Reply = ConnectionReply;

  const Connections& connections;
  Viewer viewer;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
