// SPDX-License-Identifier: MIT
// The types of `connection.update`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "ipc/field_types.hpp"
#include "ipc/protocol/connection_reply.hpp"

namespace forgelink::protocol {

struct ConnectionUpdate {
  static constexpr std::string_view name = "connection.update";
  static constexpr std::string_view summary =
      "Edit a connection and configure it again. A new token is verified first; a refused request changes "
      "nothing.";

  struct Params {
    std::string connection;
    std::optional<std::string> name, retention, access;
    ipc::Change<std::string> username, email, server_url, organization, commit_name, commit_email;
    ipc::Change<Time> expires_at;
    std::optional<Secret> token;
    std::optional<bool> verify, allow_http;
    bool accept_account_change = false;

    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.optional("name", name, "A new name.");
      f.optional("username", username, "Another user name, or null for none.");
      f.optional("email", email, "Another address, or null for none.");
      f.optional("server_url", server_url, "Another server.");
      f.optional("organization", organization, "Another organization, or null for none.");
      f.optional("commit_name", commit_name,
                 "The name that commits made with it shall have, or null for none.");
      f.optional("commit_email", commit_email, "Their address, or null for none.");
      f.optional("token", token, "A new personal access token.");
      f.optional("expires_at", expires_at,
                 "When the token ends, for forges that do not tell; null for unknown.");
      f.optional("retention", retention, "keep or session.");
      f.optional("verify", verify, "Ask the forge first; by default where the change touches the token.");
      f.optional("access", access, "allow, or ask: the user is asked before its token is used.");
      f.optional("allow_http", allow_http, "Accept a server_url that begins with http://.");
      f.optional("accept_account_change", accept_account_change, "Accept a token of another account.");
    }
  };
  using Reply = ConnectionReply;
};

}  // namespace forgelink::protocol
