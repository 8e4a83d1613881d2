// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace forgelink::protocol {

struct OAuthAppSet {
  static constexpr std::string_view name = "oauth_app.set";
  static constexpr std::string_view summary =
      "Say which OAuth app signs people in. Its secret goes to the secret store.";

  struct Params {
    std::string provider, client_id;
    std::optional<Secret> client_secret;

    void fields(auto& f) {
      f.required("provider", provider, "github.");
      f.required("client_id", client_id, "The app's client id.");
      f.optional("client_secret", client_secret, "The app's client secret; a sign-in by browser needs it.");
    }
  };
  struct Reply {
    std::string provider, client_id;
    bool has_secret = false;
    void fields(auto& f) {
      f.required("provider", provider, "github.");
      f.required("client_id", client_id, "The app's client id.");
      f.required("has_secret", has_secret, "Is there a client secret?");
    }
  };
};

}  // namespace forgelink::protocol
