// SPDX-License-Identifier: MIT
// What sign_in.wait and sign_in.complete answer.
#pragma once

#include "ipc/protocol/connection_view.hpp"

namespace forgelink::protocol {

struct SignInState {
  std::string state;
  std::optional<ConnectionView> connection;

  void fields(auto& f) {
    f.required("state", state, "pending or completed; a failed one is an error.");
    f.absent("connection", connection, "completed: the connection.");
  }
};

}  // namespace forgelink::protocol
