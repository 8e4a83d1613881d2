// SPDX-License-Identifier: MIT
// The types of `connection.add`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "ipc/protocol/connection_reply.hpp"

namespace forgelink::protocol {

struct ConnectionAdd {
  static constexpr std::string_view name = "connection.add";
  static constexpr std::string_view summary =
      "Create a connection. The token is verified first; a refused request changes nothing.";

  struct Params {
    std::string name, type;
    std::optional<std::string> username, email, server_url, organization, sign_in, retention, access;
    std::optional<Secret> token;
    std::optional<Time> expires_at;
    bool verify = true, allow_http = false;

    void fields(auto& f) {
      f.required("name", name, "Its name: 1 to 100 characters, unique without regard to case.");
      f.required("type", type, "One of type.list.");
      f.optional("username", username, "The user name on the forge; Bitbucket requires it.");
      f.optional("email", email, "Bitbucket: the Atlassian account's address.");
      f.optional("server_url", server_url, "The server of a self-hosted type.");
      f.optional("organization", organization, "Azure DevOps: the organization.");
      f.optional("sign_in", sign_in, "pat (default) or oauth.");
      f.optional("token", token, "The personal access token; without it the connection waits for one.");
      f.optional("expires_at", expires_at, "When the token ends, for forges that do not tell.");
      f.optional("retention", retention, "keep or session; the setting [session] retention if left out.");
      f.optional("access", access, "allow (default), or ask: the user is asked before its token is used.");
      f.optional("verify", verify, "Ask the forge first; true if left out.");
      f.optional("allow_http", allow_http, "Accept a server_url that begins with http://.");
    }
  };
  using Reply = ConnectionReply;
};

}  // namespace forgelink::protocol
