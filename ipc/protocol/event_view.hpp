// SPDX-License-Identifier: MIT
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "ipc/protocol/connection_view.hpp"

namespace forgelink::protocol {

// The params of an `event` notification.
struct EventView {
  std::int64_t sequence = 0;
  std::string kind;
  Time at{};
  std::optional<ConnectionView> connection;
  std::optional<std::string> sign_in;
  std::optional<boost::json::object> detail;

  void fields(auto& f) {
    f.required("sequence", sequence, "The number of the event; increases by one.");
    f.required("kind", kind, "What happened.");
    f.required("at", at, "When.");
    f.absent("connection", connection, "The connection it happened to, as it is after it.");
    f.absent("sign_in", sign_in, "The sign-in it happened to.");
    f.absent("detail", detail, "More, of this kind only.");
  }
};

}  // namespace forgelink::protocol
