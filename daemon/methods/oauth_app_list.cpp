// SPDX-License-Identifier: MIT
#include "daemon/methods/oauth_app_list.hpp"

namespace forgelink {
namespace {

std::optional<std::string> text_or_nothing(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

}  // namespace

Result<OAuthAppList::Reply> OAuthAppList::call(Params) const {
  Reply reply;
  for (OAuthApps::Listed& app : apps.list()) {
    reply.apps.push_back({.type = text_or_nothing(std::move(app.type)),
                          .server_url = text_or_nothing(std::move(app.server_url)),
                          .client_id = std::move(app.client_id),
                          .from = std::string(app.from),
                          .has_secret = app.has_secret});
  }
  return reply;
}

}  // namespace forgelink
