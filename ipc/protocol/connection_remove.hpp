// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct ConnectionRemove {
  static constexpr std::string_view name = "connection.remove";
  static constexpr std::string_view summary =
      "Remove a connection and its token; never one without the other.";

  struct Params {
    std::string connection;
    void fields(auto& f) { f.required("connection", connection, "Its id or name."); }
  };
  struct Reply {
    std::string removed;
    void fields(auto& f) { f.required("removed", removed, "The id it had."); }
  };
};

}  // namespace forgelink::protocol
