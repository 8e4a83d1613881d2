// SPDX-License-Identifier: MIT
#include "daemon/tokens/oauth_apps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/model/connection_rules.hpp"

namespace forgelink {
namespace {

// The settings of a type that names none are empty.
const OAuthTypeSettings& settings_for(const Settings& settings, std::string_view type) {
  static const OAuthTypeSettings none;
  const auto found = settings.oauth_types.find(type);
  return found == settings.oauth_types.end() ? none : found->second;
}

bool is_needed(ClientSecret secret, OAuthApps::Use use) {
  return secret == ClientSecret::always ||
         (secret == ClientSecret::browser && use == OAuthApps::Use::browser);
}

std::string label_of(const OAuthApp& app) {
  const Provider* provider = find_provider(app.type);
  return fmt::format("Forgelink: OAuth app for {}{}", provider != nullptr ? provider->label : app.type,
                     app.server_url.empty() ? "" : " (" + app.server_url + ")");
}

}  // namespace

Error OAuthApps::missing(const OAuthServer& server, std::string message) const {
  const bool with_secret = server.dialect->secret != ClientSecret::never;
  return {.code = Errc::oauth_app_missing,
          .message = std::move(message),
          .hint = fmt::format("Make one on {}'s page. {} Then: {}", server.dialect->name,
                              server.app_page.instructions, command_to_set_app(server, with_secret)),
          .url = server.app_page.url};
}

OAuthApps::Chosen OAuthApps::choose(const Provider& provider, const std::string& server_url) const {
  const std::optional<OAuthApp> of_type = registry_.oauth_app(provider.id, "");
  std::optional<OAuthApp> of_server;
  if (!server_url.empty()) of_server = registry_.oauth_app(provider.id, server_url);
  const auto set = std::find_if(settings_.oauth_servers.begin(), settings_.oauth_servers.end(),
                                [&](const OAuthServerSettings& one) { return one.url == server_url; });

  const OAuthTypeSettings& of_settings = settings_for(settings_, provider.id);
  Chosen chosen{.client_id = "", .tenant = of_settings.tenant, .redirect_port = of_settings.redirect_port};
  const std::optional<std::string> server = server_url.empty() ? std::nullopt : std::optional(server_url);
  // A policy before all; then an app of the server before one of the type, what was stored before settings.
  if (const PolicyApp* app = settings_.policy->app(provider.id, server)) {
    chosen.client_id = app->client_id;
    if (app->tenant) chosen.tenant = *app->tenant;
    if (app->redirect_port) chosen.redirect_port = *app->redirect_port;
  } else if (of_server) {
    chosen.client_id = of_server->client_id;
  } else if (set != settings_.oauth_servers.end()) {
    chosen.client_id = set->client_id;
  } else if (of_type) {
    chosen.client_id = of_type->client_id;
  } else {
    chosen.client_id = of_settings.client_id;
    if (chosen.client_id.empty()) chosen.client_id = provider.oauth->default_client_id;
  }
  // A stored secret belongs to the id that it was stored with, wherever the id is named now.
  for (const std::optional<OAuthApp>& stored : {of_server, of_type}) {
    if (stored && stored->item && stored->client_id == chosen.client_id && !chosen.secret)
      chosen.secret = stored;
  }
  return chosen;
}

awaitable<Result<OAuthServer>> OAuthApps::server_for(Connection connection, Use use) {
  const Provider* provider = find_provider(connection.type);
  if (provider == nullptr || provider->oauth == nullptr)
    co_return Error{.code = Errc::sign_in_unsupported,
                    .message = "That type of connection has no sign-in; it takes a personal access token."};
  const OAuthDialect& dialect = *provider->oauth;
  const Target target = target_of(connection, settings_.endpoints, nullptr);
  const std::string server_url = connection.server_url.value_or("");
  const Chosen chosen = choose(*provider, server_url);

  OAuthServer server{.dialect = &dialect,
                     .endpoints = dialect.endpoints(target, chosen.tenant),
                     .app = {.client_id = chosen.client_id,
                             .client_secret = nullptr,
                             .tenant = chosen.tenant,
                             .redirect_port = chosen.redirect_port},
                     .type = connection.type,
                     .server_url = server_url,
                     .app_page = dialect.app_page(target),
                     .connection = connection.id.text()};
  if (chosen.client_id.empty())
    co_return missing(server, fmt::format("Forgelink has no OAuth app to sign in with {}.", provider->label));
  if (chosen.secret) {
    Result<SharedSecret> secret =
        co_await vault_.read(chosen.secret->store, *chosen.secret->item, Prompt::never);
    // A secret that this use does not need may be out of reach.
    if (secret) {
      server.app.client_secret = std::move(*secret);
    } else if (is_needed(dialect.secret, use) && secret.error().code != Errc::not_found) {
      co_return secret.error();
    }
  }
  if (is_needed(dialect.secret, use) && !server.app.client_secret) {
    co_return missing(server,
                      fmt::format("{} requires the client secret of the OAuth app, and Forgelink has none{}.",
                                  dialect.name, dialect.device ? "; the device code needs none" : ""));
  }
  co_return server;
}

std::vector<OAuthApps::Listed> OAuthApps::list() const {
  std::vector<Listed> all;
  for (const PolicyApp& app : settings_.policy->apps) {
    all.push_back(
        {.type = app.type, .server_url = app.server_url, .client_id = app.client_id, .from = "policy"});
  }
  for (const OAuthApp& app : registry_.oauth_apps()) {
    all.push_back({.type = app.type,
                   .server_url = app.server_url,
                   .client_id = app.client_id,
                   .has_secret = app.item.has_value(),
                   .from = "stored"});
  }
  for (const OAuthServerSettings& set : settings_.oauth_servers)
    all.push_back({.type = "", .server_url = set.url, .client_id = set.client_id, .from = "settings"});
  for (const Provider& provider : providers()) {
    if (provider.oauth == nullptr) continue;
    const std::string& set = settings_for(settings_, provider.id).client_id;
    if (!set.empty()) {
      all.push_back(
          {.type = std::string(provider.id), .server_url = "", .client_id = set, .from = "settings"});
    } else if (!provider.oauth->default_client_id.empty()) {
      all.push_back({.type = std::string(provider.id),
                     .server_url = "",
                     .client_id = std::string(provider.oauth->default_client_id),
                     .from = "build"});
    }
  }
  return all;
}

awaitable<Result<>> OAuthApps::set(std::string type, std::string server_url, std::string client_id,
                                   std::optional<Secret> client_secret) {
  const std::optional<OAuthApp> former = registry_.oauth_app(type, server_url);
  OAuthApp app{
      .type = std::move(type), .server_url = std::move(server_url), .client_id = std::move(client_id)};
  if (client_secret) {
    auto secret = std::make_shared<const Secret>(std::move(*client_secret));
    std::string label = label_of(app);
    Result<SecretVault::Kept> kept =
        co_await vault_.keep({}, std::move(label), Retention::keep, std::move(secret), Prompt::never);
    if (!kept) co_return kept.error();
    app.store = kept->store;
    app.item = kept->item;
  } else if (former && former->client_id == app.client_id) {
    app.store = former->store;
    app.item = former->item;
  }
  Result<> written = registry_.set_oauth_app(app);
  const bool new_secret = client_secret.has_value() && app.item;
  if (!written) {
    if (new_secret) co_await vault_.erase(app.store, *app.item);
    co_return written.error();
  }
  if (new_secret) vault_.settled(*app.item);
  if (former && former->item && former->item != app.item)
    co_await vault_.erase(former->store, *former->item, Prompt::allowed);
  co_return Result<>();
}

awaitable<Result<>> OAuthApps::remove(std::string type, std::string server_url) {
  const std::optional<OAuthApp> former = registry_.oauth_app(type, server_url);
  if (!former) {
    co_return Error{.code = Errc::not_found,
                    .message = "No OAuth app is stored for that type and server.",
                    .hint =
                        "`forgelink oauth-app list` shows those there are; those of the settings are "
                        "removed there."};
  }
  Result<> removed = registry_.remove_oauth_app(type, server_url);
  if (!removed) co_return removed.error();
  if (former->item) co_await vault_.erase(former->store, *former->item, Prompt::allowed);
  co_return Result<>();
}

}  // namespace forgelink
