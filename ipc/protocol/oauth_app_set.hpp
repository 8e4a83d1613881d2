// SPDX-License-Identifier: MIT
// The types of `oauth_app.set`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace forgelink::protocol {

struct OAuthAppSet {
  static constexpr std::string_view name = "oauth_app.set";
  static constexpr std::string_view summary =
      "Set the OAuth app for sign-ins. Its client secret is stored in the secret store.";

  struct Params {
    std::string type, client_id;
    std::optional<std::string> server_url;
    std::optional<Secret> client_secret;

    void fields(auto& f) {
      f.required("type", type, "The type of connection that it is for.");
      f.optional("server_url", server_url,
                 "The self-hosted server that it is registered on; all if left out.");
      f.required("client_id", client_id, "The app's client id.");
      f.optional("client_secret", client_secret, "The app's client secret, where the forge wants one.");
    }
  };
  struct Reply {
    std::string type, client_id;
    std::optional<std::string> server_url;
    bool has_secret = false;
    void fields(auto& f) {
      f.required("type", type, "The type of connection that it is for.");
      f.required("server_url", server_url, "The server it is registered on; null: the type's own, or all.");
      f.required("client_id", client_id, "The app's client id.");
      f.required("has_secret", has_secret, "Is there a client secret?");
    }
  };
};

}  // namespace forgelink::protocol
