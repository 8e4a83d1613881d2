// Every part of the daemon, made in the order in which one needs the other. Owned by the Application; methods
// get the parts they need from here.
#pragma once

#include <boost/asio/io_context.hpp>

#include "daemon/connections.hpp"
#include "daemon/events.hpp"
#include "daemon/expiry_watch.hpp"
#include "daemon/forge_lists.hpp"
#include "daemon/git_credentials.hpp"
#include "daemon/git_hosts.hpp"
#include "daemon/notifications.hpp"
#include "daemon/oauth_apps.hpp"
#include "daemon/remembered_hosts.hpp"
#include "daemon/session_end.hpp"
#include "daemon/settings.hpp"
#include "daemon/sign_ins.hpp"
#include "daemon/tokens.hpp"
#include "daemon/turns.hpp"
#include "daemon/vault.hpp"
#include "ipc/server.hpp"
#include "providers/http/beast_client.hpp"
#include "providers/http/forge_client.hpp"
#include "storage/secret_service_store.hpp"

namespace forgelink {

struct Services {
  Services(asio::io_context& loop, Settings initial, std::unique_ptr<Registry> opened);

  SystemClock clock;
  Settings settings;  // changed in place when they are read again
  std::unique_ptr<Registry> registry;

  MemorySecretStore memory;
  std::unique_ptr<SecretServiceStore> secret_service;  // null with store = "memory"
  Vault vault;

  EventHub events;
  Turns turns;
  Tokens tokens;

  http::BeastClient beast;
  http::ForgeClient http;
  Connections connections;
  ForgeLists lists;

  GitHosts git_hosts;
  RememberedHosts remembered;
  GitCredentials git;

  OAuthApps oauth_apps;
  GithubOAuth github;
  SignIns sign_ins;

  ExpiryWatch expiry;
  Notifications notifications;
  SessionEnd session_end;

  // What daemon.status tells beside.
  const ipc::Server* server = nullptr;
  Time started_at{};
  bool socket_activated = false;
};

http::ClientOptions client_options(const Settings& settings);

}  // namespace forgelink
