// SPDX-License-Identifier: MIT
// What every method that ends in a connection answers.
#pragma once

#include "ipc/protocol/connection_view.hpp"

namespace forgelink::protocol {

struct ConnectionReply {
  ConnectionView connection;
  void fields(auto& f) { f.required("connection", connection, "The connection as it is now."); }
};

}  // namespace forgelink::protocol
