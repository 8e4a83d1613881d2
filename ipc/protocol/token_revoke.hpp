// SPDX-License-Identifier: MIT
// The types of `token.revoke`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink::protocol {

struct TokenRevoke {
  static constexpr std::string_view name = "token.revoke";
  static constexpr std::string_view summary =
      "Revoke a connection's token at the forge, and keep the connection.";

  struct Params {
    std::string connection;
    void fields(auto& f) { f.required("connection", connection, "Its id or name."); }
  };
  struct Reply {
    std::string connection, revocation;
    std::optional<std::string> url, message;
    void fields(auto& f) {
      f.required("connection", connection, "Its id.");
      f.required("revocation", revocation, "revoked; unsupported or failed: the token is kept.");
      f.absent("url", url, "The page where the user can revoke it.");
      f.absent("message", message, "Why it was not revoked, or what else happens.");
    }
  };
};

}  // namespace forgelink::protocol
