// SPDX-License-Identifier: MIT
// The types of `oauth_app.list`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forgelink::protocol {

struct OAuthAppList {
  static constexpr std::string_view name = "oauth_app.list";
  static constexpr std::string_view summary = "List the OAuth apps and where each comes from.";

  struct Params {
    void fields(auto&) {}
  };
  struct App {
    std::optional<std::string> type, server_url;
    std::string client_id, from;
    bool has_secret = false;
    void fields(auto& f) {
      f.required("type", type, "The type of connection that it is for; null: any on that server.");
      f.required("server_url", server_url, "The server it is registered on; null: the type's own, or all.");
      f.required("client_id", client_id, "The app's client id.");
      f.required("has_secret", has_secret, "Is there a client secret?");
      f.required("from", from, "policy, stored (oauth_app.set), settings or build.");
    }
  };
  struct Reply {
    std::vector<App> apps;
    void fields(auto& f) { f.required("apps", apps, "In the order in which they count."); }
  };
};

}  // namespace forgelink::protocol
