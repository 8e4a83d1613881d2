// SPDX-License-Identifier: MIT
// All services of the daemon, created in the order of their dependencies. Owned by the Application; methods
// get the services they need from here.
#pragma once

#include <boost/asio/io_context.hpp>

#include "base/keyed_mutex.hpp"
#include "daemon/access/gate.hpp"
#include "daemon/access/question_notices.hpp"
#include "daemon/access/screen_lock.hpp"
#include "daemon/connections/connections.hpp"
#include "daemon/events/events.hpp"
#include "daemon/events/notifications.hpp"
#include "daemon/front/api_requests.hpp"
#include "daemon/front/fronts.hpp"
#include "daemon/git/git_credentials.hpp"
#include "daemon/git/git_hosts.hpp"
#include "daemon/git/identity_files.hpp"
#include "daemon/git/stored_credentials.hpp"
#include "daemon/git/version_notice.hpp"
#include "daemon/lend/lends.hpp"
#include "daemon/lists/forge_lists.hpp"
#include "daemon/login_session/session_end.hpp"
#include "daemon/process/restart_memory.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/sign_in/sign_ins.hpp"
#include "daemon/tokens/auto_renewal.hpp"
#include "daemon/tokens/expiry_watch.hpp"
#include "daemon/tokens/oauth_apps.hpp"
#include "daemon/tokens/token_renewer.hpp"
#include "daemon/tokens/token_revoker.hpp"
#include "daemon/tokens/tokens.hpp"
#include "daemon/vault/secret_vault.hpp"
#include "ipc/server.hpp"
#include "providers/http/beast_client.hpp"
#include "providers/http/forge_client.hpp"
#include "storage/secret_service_store.hpp"

namespace forgelink {

struct Services {
  Services(asio::io_context& loop, Settings initial, std::unique_ptr<Registry> opened);

  // Takes over what the process before this one held in memory alone.
  awaitable<> restore(MemoryImage image);

  SystemClock clock;
  Settings settings;  // changed in place when they are read again
  std::unique_ptr<Registry> registry;

  MemorySecretStore memory;
  DescriptorStore descriptor_store;
  RestartMemory restart_memory;
  std::unique_ptr<SecretServiceStore> secret_service;  // null with store = "memory"
  SecretVault vault;

  EventHub events;
  ConnectionLocks locks;
  Tokens tokens;

  TokenLock lock;
  Consent consent;
  AccessRecorder access_log;
  Gate gate;

  http::BeastClient beast;
  http::ForgeClient http;
  Connections connections;
  ForgeLists lists;
  ApiRequests api_requests;

  GitHosts git_hosts;
  GitRules git_rules;
  IdentityFiles identity_files;
  StoredCredentials stored_credentials;
  GitCredentials git;
  VersionNotice helper_versions;

  OAuthApps oauth_apps;
  OAuthClient oauth;
  SignIns sign_ins;
  TokenRevoker revoker;
  TokenRenewer renewer;
  AutoRenewal auto_renewal;

  ExpiryWatch expiry;
  Notifications notifications;
  Fronts fronts;
  Lends lends;
  QuestionNotices question_notices;
  ScreenLock screen_lock;
  SessionEnd session_end;

  // What daemon.status tells beside.
  const ipc::Server* server = nullptr;
  Time started_at{};
  bool socket_activated = false;

 private:
  void keep_memory_over_restarts();
  awaitable<> renew_from_notice(std::string connection);
};

http::ClientOptions client_options(const Settings& settings);

}  // namespace forgelink
