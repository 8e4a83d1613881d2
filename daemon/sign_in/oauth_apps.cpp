// SPDX-License-Identifier: MIT
#include "daemon/sign_in/oauth_apps.hpp"

#include "base/version.hpp"
#include "base/url.hpp"

namespace forgelink {

Error OAuthApps::missing(std::string message) const {
  // GitHub fills its form from these (docs.github.com, "Creating an OAuth app"). The callback has no port:
  // any is then taken on the loopback address (providers 10.2).
  return {.code = Errc::oauth_app_missing,
          .message = std::move(message),
          .hint =
              "Make one on GitHub's page (switch its device flow on as well), then: forgelink oauth-app set "
              "github --client-id ID --secret-stdin",
          .url = with_query(settings_.endpoints.of("github", "web") + "/settings/applications/new",
                            {{"oauth_application[name]", "Forgelink"},
                             {"oauth_application[url]", "http://127.0.0.1"},
                             {"oauth_application[callback_url]", "http://127.0.0.1/callback"}})};
}

awaitable<Result<OAuthApps::App>> OAuthApps::github(bool needs_secret) {
  App app;
  const std::optional<OAuthApp> kept = registry_.oauth_app("github");
  // Whoever writes an id into the settings means it; the secret that was kept belongs to the id that was
  // kept.
  if (!settings_.github_client_id.empty()) {
    app.client_id = settings_.github_client_id;
  } else if (kept) {
    app.client_id = kept->client_id;
  } else {
    app.client_id = FORGELINK_GITHUB_CLIENT_ID;
  }
  if (app.client_id.empty()) co_return missing("Forgelink has no OAuth app to sign in with GitHub.");

  if (kept && kept->item && kept->client_id == app.client_id) {
    Result<SharedSecret> secret = co_await vault_.read(kept->store, *kept->item, Prompt::never);
    if (secret) {
      app.client_secret = std::move(*secret);
    } else if (needs_secret && secret.error().code != Errc::not_found) {
      co_return secret.error();
    }
  }
  if (needs_secret && !app.client_secret) {
    co_return missing(
        "GitHub wants the client secret of the OAuth app for a sign-in by browser, and Forgelink has none; "
        "the device code needs none.");
  }
  co_return app;
}

awaitable<Result<>> OAuthApps::set_github(std::string client_id, std::optional<Secret> client_secret) {
  const std::optional<OAuthApp> former = registry_.oauth_app("github");
  OAuthApp app{.provider = "github", .client_id = std::move(client_id)};
  if (client_secret) {
    auto secret = std::make_shared<const Secret>(std::move(*client_secret));
    Result<SecretVault::Kept> kept = co_await vault_.keep({}, "Forgelink: OAuth app for GitHub", Retention::keep,
                                                    std::move(secret), Prompt::never);
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
  if (former && former->item && former->item != app.item) co_await vault_.erase(former->store, *former->item);
  co_return Result<>();
}

}  // namespace forgelink
