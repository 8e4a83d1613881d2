// SPDX-License-Identifier: MIT
// The types of `oauth_app.remove`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink::protocol {

struct OAuthAppRemove {
  static constexpr std::string_view name = "oauth_app.remove";
  static constexpr std::string_view summary = "Remove a stored OAuth app and its secret.";

  struct Params {
    std::string type;
    std::optional<std::string> server_url;
    void fields(auto& f) {
      f.required("type", type, "The type of connection that it is for.");
      f.optional("server_url", server_url,
                 "The server it is registered on; the app of the type if left out.");
    }
  };
  struct Reply {
    std::string type;
    std::optional<std::string> server_url;
    void fields(auto& f) {
      f.required("type", type, "The type of connection that it was for.");
      f.required("server_url", server_url, "The server it was registered on, or null.");
    }
  };
};

}  // namespace forgelink::protocol
