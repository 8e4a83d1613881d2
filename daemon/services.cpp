// SPDX-License-Identifier: MIT
#include "daemon/services.hpp"

#include "base/paths.hpp"
#include "base/version.hpp"
#include "daemon/model/connection_view.hpp"
#include "daemon/tokens/memory_state.hpp"
#include "ipc/fields.hpp"

namespace forgelink {
namespace {

std::unique_ptr<SecretServiceStore> secret_service_for(const Settings& settings, asio::io_context& loop,
                                                       const Registry& registry) {
  if (settings.store == StoreChoice::memory) return nullptr;
  return std::make_unique<SecretServiceStore>(loop.get_executor(), registry.id());
}

// A pair that the forge renews: by the app that is set now.
Tokens::Renew renewal(const Registry& registry, OAuthApps& apps, OAuthClient& oauth) {
  return [&registry, &apps, &oauth](ConnectionId id, SharedSecret refresh) -> awaitable<Result<TokenPair>> {
    const Connection* connection = registry.find(id);
    if (connection == nullptr) co_return connection_gone();
    Connection row = *connection;
    Result<OAuthServer> server = co_await apps.server_for(std::move(row), OAuthApps::Use::renewal);
    if (!server) co_return server.error();
    TokenAnswer answer = co_await oauth.refresh(std::move(*server), std::move(refresh));
    if (!answer.tokens) co_return answer.error;
    OAuthTokens& tokens = *answer.tokens;
    co_return TokenPair{.access = std::move(tokens.access),
                        .refresh = std::move(tokens.refresh),
                        .expires_at = tokens.expires_at,
                        .scopes = std::move(tokens.scopes)};
  };
}

}  // namespace

http::ClientOptions client_options(const Settings& settings) {
  http::ClientOptions options{.proxy = settings.proxy,
                              .ca_file = settings.ca_file,
                              .timeout = settings.timeout,
                              .user_agent = "forgelink/" FORGELINK_VERSION};
  for (const ClientCertificate& certificate : settings.client_certificates) {
    options.certificates.push_back({.origin = certificate.server,
                                    .certificate_file = certificate.certificate_file,
                                    .key_file = certificate.key_file});
  }
  return options;
}

Services::Services(asio::io_context& loop, Settings initial, std::unique_ptr<Registry> opened)
    : settings(std::move(initial)),
      registry(std::move(opened)),
      restart_memory(loop.get_executor(), descriptor_store),
      secret_service(secret_service_for(settings, loop, *registry)),
      vault(loop.get_executor(), settings, *registry, secret_service.get(), memory),
      events(clock,
             [this](const Connection& connection) {
               return view_of(connection, clock.now(), vault.is_unreachable(connection.token), settings);
             }),
      tokens(loop.get_executor(), *registry, vault, events, locks, clock),
      lock(vault, *registry, events),
      consent(*registry, events, clock),
      access_log(loop.get_executor(), std::make_shared<AccessLog>(data_home() / "forgelink" / "access.db"),
                 events, settings, clock),
      gate(*registry, tokens, lock, consent, access_log, settings, clock),
      beast(loop.get_executor(), client_options(settings)),
      http(beast),
      connections(*registry, tokens, vault, events, locks, http, settings, clock),
      lists(loop.get_executor(), *registry, tokens, http, settings, clock),
      api_requests(*registry, gate, http, settings),
      git_hosts(*registry, settings),
      git_rules(*registry, git_hosts, events, clock),
      identity_files(*registry, data_home() / "forgelink" / "git-identity"),
      stored_credentials(*registry, vault, git_hosts, clock),
      git(loop.get_executor(), *registry, git_hosts, git_rules, stored_credentials, connections, tokens, gate,
          settings, clock),
      helper_versions(FORGELINK_VERSION),
      oauth_apps(*registry, vault, settings),
      oauth(http, clock),
      sign_ins(loop.get_executor(), *registry, connections, oauth_apps, oauth, events, settings, clock),
      revoker(*registry, tokens, vault, oauth_apps, oauth, locks, http, events, settings),
      renewer(*registry, tokens, locks, http, events, settings, clock),
      auto_renewal(loop.get_executor(), *registry, renewer, settings, clock),
      expiry(loop.get_executor(), *registry, events, settings, clock),
      notifications(loop.get_executor(), settings),
      fronts(loop.get_executor(), *registry, gate, beast, settings),
      lends(loop.get_executor(), events, clock),
      question_notices(loop.get_executor(), consent, *registry, settings),
      screen_lock(loop.get_executor(), lock, settings),
      session_end(loop.get_executor(), *registry, tokens),
      started_at(clock.now()) {
  // Not in the constructor of the tokens: what renews them needs them, and is made after them.
  tokens.on_renew(renewal(*registry, oauth_apps, oauth));
  keep_memory_over_restarts();
  events.listen([this](const Event& event) { git_hosts.on_event(event); });
  events.listen([this](const Event& event) { git_rules.on_event(event); });
  events.listen([this](const Event& event) { identity_files.on_event(event); });
  events.listen([this](const Event& event) { expiry.on_event(event); });
  events.listen([this](const Event& event) { auto_renewal.on_event(event); });
  events.listen([this](const Event& event) { sign_ins.on_event(event); });
  events.listen([this](const Event& event) { notifications.on_event(event); });
  events.listen([this](const Event& event) { consent.on_event(event); });
  events.listen([this](const Event& event) { fronts.on_event(event); });
  events.listen([this](const Event& event) { lends.on_event(event); });
  events.listen([this](const Event& event) { question_notices.on_event(event); });
  notifications.on_renew = [this, &loop](std::string connection) {
    spawn(loop.get_executor(), renew_from_notice(std::move(connection)));
  };
  session_end.on_end = [this] {
    consent.end_session();
    lends.end_all("the session has ended");
  };
  events.listen([this](const Event&) { tokens.renewal().drop_stale(); });
  events.listen([this](const Event& event) {
    if (event.kind == EventKind::connection_removed) http.forget(event.connection->id.text());
  });
}

void Services::keep_memory_over_restarts() {
  using Change = RestartMemory::Change;
  restart_memory.add_source(
      [this](MemoryImage& image) { save_tokens(memory, vault, tokens.renewal(), image); });
  memory.on_changed = [this](MemorySecretStore::Change change) {
    restart_memory.changed(change == MemorySecretStore::Change::erased ? Change::erased : Change::added);
  };
  // Of these two nobody says whether something came or went, so both are written at once, as a removal is.
  tokens.renewal().on_held_changed = [this] { restart_memory.changed(Change::erased); };
  restart_memory.add_source([this](MemoryImage& image) { sign_ins.save(image); });
  sign_ins.on_changed = [this] { restart_memory.changed(Change::erased); };
}

// A person pressed the button, and is told there what became of it.
awaitable<> Services::renew_from_notice(std::string connection) {
  const std::optional<ConnectionId> id = ConnectionId::parse(connection);
  if (!id) co_return;
  Result<> renewed = co_await renewer.renew(*id, std::nullopt);
  const Connection* row = registry->find(*id);
  if (row == nullptr || !settings.notifications) co_return;
  DesktopNotice notice{.title = "Renewed the token", .text = "“" + row->name + "” has a new token."};
  if (!renewed)
    notice = {.title = "The token was not renewed",
              .text = "“" + row->name + "”: " + renewed.error().message};
  notice.connection = connection;
  notifications.show(notice);
}

awaitable<> Services::restore(MemoryImage image) {
  co_await restore_tokens(image, *registry, memory, vault, tokens.renewal());
  sign_ins.restore(image);
}

}  // namespace forgelink
