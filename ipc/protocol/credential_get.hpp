// SPDX-License-Identifier: MIT
// The types of `credential.get`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ipc/field_types.hpp"
#include "ipc/protocol/credential_params.hpp"

namespace forgelink::protocol {

struct CredentialGet {
  static constexpr std::string_view name = "credential.get";
  static constexpr std::string_view summary =
      "For git's helper: return the credential for an address, if there is one. The only reply that holds a "
      "token.";

  using Params = CredentialParams;
  struct Reply {
    std::optional<std::string> username, authtype, connection, message, notice;
    std::optional<ipc::HandedOut> password, oauth_refresh_token, credential;
    std::optional<std::int64_t> password_expiry_utc;
    std::optional<bool> ephemeral, quit;

    void fields(auto& f) {
      f.absent("username", username, "The user name to send.");
      f.absent("password", password, "The token.");
      f.absent("password_expiry_utc", password_expiry_utc, "When it ends, in Unix seconds.");
      f.absent("oauth_refresh_token", oauth_refresh_token, "As git stored it, for a host of no connection.");
      f.absent("authtype", authtype, "With the capability: the scheme of the Authorization header.");
      f.absent("credential", credential, "With the capability: what follows the scheme.");
      f.absent("ephemeral", ephemeral, "With the capability: no other helper may store it.");
      f.absent("connection", connection, "The id of the connection that answers.");
      f.absent("quit", quit, "Git is to ask nobody else.");
      f.absent("message", message, "A sentence for the person.");
      f.absent("notice", notice, "A sentence about the helper itself: said once, beside any answer.");
    }
  };
};

}  // namespace forgelink::protocol
