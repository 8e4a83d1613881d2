// SPDX-License-Identifier: MIT
#include "daemon/methods/daemon_status.hpp"

#include <unistd.h>

#include "base/paths.hpp"
#include "base/version.hpp"

namespace forgelink {

namespace {

std::string word_of(StoreChoice choice) {
  switch (choice) {
    case StoreChoice::automatic:
      return "auto";
    case StoreChoice::secret_service:
      return "secret-service";
    case StoreChoice::memory:
      return "memory";
  }
  return "auto";
}

// What is asked of the proxies in providers/http/proxy.cpp, for people to see; never the user name and
// password.
struct NamedProxy {
  std::optional<std::string> address, from;
};

std::string without_user(const std::string& address) {
  const auto scheme = address.find("://");
  const auto start = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = address.rfind('@');
  return at == std::string::npos || at < start ? address : address.substr(0, start) + address.substr(at + 1);
}

NamedProxy proxy_of(const Settings& settings) {
  if (!settings.proxy.empty()) return {.address = without_user(settings.proxy), .from = "network.proxy"};
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return {.address = without_user(value), .from = name};
  }
  return {};
}

std::optional<protocol::PolicyView> policy_view_of(const Policy& policy) {
  if (!policy.exists()) return std::nullopt;
  protocol::PolicyView view{.file = policy.file,
                            .allowed_types = policy.allowed_types,
                            .allowed_hosts = policy.allowed_hosts,
                            .pat = policy.pat};
  if (!policy.contact.empty()) view.contact = policy.contact;
  if (policy.longest_lifetime) view.longest_lifetime = policy.longest_lifetime->count();
  if (policy.retention) view.retention = std::string(name_of(*policy.retention));
  if (policy.ask) view.access = "ask";
  return view;
}

}  // namespace

awaitable<Result<DaemonStatus::Reply>> DaemonStatus::call(Params params) const {
  Services& s = services;
  if (params.wait) co_await s.vault.ready();
  const NamedProxy proxy = proxy_of(s.settings);
  co_return Reply{.version = FORGELINK_VERSION,
                  .pid = getpid(),
                  .started_at = s.started_at,
                  .uptime = (s.clock.now() - s.started_at).count(),
                  .connections = static_cast<std::int64_t>(s.registry->size()),
                  .clients = static_cast<std::int64_t>(s.server->clients()),
                  .socket_activated = s.socket_activated,
                  .locked = s.lock.locked(),
                  .retention = std::string(name_of(s.settings.retention)),
                  .secret_store = view_of(s.vault),
                  .notifications = s.settings.notifications,
                  .log_level = s.settings.log_level,
                  .idle_exit = s.settings.idle_exit.count(),
                  .cache = s.settings.cache.count(),
                  .git_hosts = s.git_hosts.origins(),
                  .store = word_of(s.settings.store),
                  .registry = (data_home() / "forgelink").string(),
                  .proxy = proxy.address,
                  .proxy_from = proxy.from,
                  .ca_file = s.settings.ca_file.empty() ? std::nullopt : std::optional(s.settings.ca_file),
                  .policy = policy_view_of(*s.settings.policy)};
}

}  // namespace forgelink
