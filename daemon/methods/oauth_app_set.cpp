// SPDX-License-Identifier: MIT
#include "daemon/methods/oauth_app_set.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "daemon/model/connection_rules.hpp"

namespace forgelink {
namespace {

bool is_plain(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Result<std::string> app_server(const std::string& type, const std::optional<std::string>& server_url,
                               const Endpoints& endpoints) {
  Result<const Provider*> provider = check_type(type);
  if (!provider) return provider.error();
  if ((*provider)->oauth == nullptr) {
    return Error{.code = Errc::sign_in_unsupported,
                 .message = fmt::format("{} has no sign-in, and so no OAuth app.", (*provider)->label),
                 .field = "type"};
  }
  if (!server_url || server_url->empty()) return std::string();
  // As a connection to that server would be checked.
  Connection connection;
  connection.name = "app";
  connection.type = type;
  connection.server_url = *server_url;
  connection.sign_in = SignIn::oauth;
  connection.allow_http = true;  // nothing is sent there now
  Result<> checked = check_connection(connection, endpoints);
  if (!checked) return checked.error();
  return connection.server_url.value_or("");
}

awaitable<Result<OAuthAppSet::Reply>> OAuthAppSet::call(Params params) const {
  Result<std::string> server = app_server(params.type, params.server_url, settings.endpoints);
  if (!server) co_return server.error();
  params.client_id = trimmed(params.client_id);
  if (params.client_secret) params.client_secret = Secret(trimmed(params.client_secret->reveal()));
  if (!is_plain(params.client_id))
    co_return invalid("client_id",
                      "`client_id` is no client id: it has letters, digits and signs without spaces.");
  if (params.client_secret && !is_plain(params.client_secret->reveal()))
    co_return invalid(
        "client_secret",
        "`client_secret` is no client secret: it has letters, digits and signs without spaces.");
  Result<> set =
      co_await apps.set(params.type, *server, std::move(params.client_id), std::move(params.client_secret));
  if (!set) co_return set.error();
  const auto app = registry.oauth_app(params.type, *server);
  if (!app) co_return Error{.code = Errc::not_found, .message = "The OAuth app was removed meanwhile."};
  co_return Reply{.type = app->type,
                  .client_id = app->client_id,
                  .server_url = server->empty() ? std::nullopt : std::optional(*server),
                  .has_secret = app->item.has_value()};
}

}  // namespace forgelink
