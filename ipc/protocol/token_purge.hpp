// SPDX-License-Identifier: MIT
// The types of `token.purge`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forgelink::protocol {

struct TokenPurge {
  static constexpr std::string_view name = "token.purge";
  static constexpr std::string_view summary =
      "Delete tokens and keep their connections: those of the session, all, or one connection's.";

  struct Params {
    std::string scope;
    std::optional<std::string> connection;

    void fields(auto& f) {
      f.required("scope", scope, "session, all, or connection.");
      f.optional("connection", connection, "With scope connection: its id or name.");
    }
  };
  struct Reply {
    std::vector<std::string> purged;
    void fields(auto& f) { f.required("purged", purged, "The ids of the connections that had a token."); }
  };
};

}  // namespace forgelink::protocol
