// SPDX-License-Identifier: MIT
// The types of `connection.remove`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink::protocol {

struct ConnectionRemove {
  static constexpr std::string_view name = "connection.remove";
  static constexpr std::string_view summary =
      "Remove a connection and its token; never one without the other.";

  struct Params {
    std::string connection;
    bool revoke = false, force = false;
    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.optional("revoke", revoke, "Revoke the token at the forge first.");
      f.optional("force", force, "Remove it even if that failed.");
    }
  };
  struct Reply {
    std::optional<std::string> removed;
    std::string revocation;
    std::optional<std::string> url, message;
    void fields(auto& f) {
      f.required("removed", removed,
                 "Its id; null: nothing was removed, since its token could not be revoked.");
      f.required("revocation", revocation, "not_asked, revoked, unsupported or failed.");
      f.absent("url", url, "unsupported: the page where the user can revoke the token.");
      f.absent("message", message, "Why it was not revoked, or what else happens.");
    }
  };
};

}  // namespace forgelink::protocol
