#include "daemon/methods/daemon_status.hpp"

#include <unistd.h>

#include "base/version.hpp"

namespace forgelink {

awaitable<Result<DaemonStatus::Reply>> DaemonStatus::call(Params) const {
  Services& s = services;
  co_await s.vault.ready();
  const bool app = s.registry->oauth_app("github") || !s.settings.github_client_id.empty() ||
                   *FORGELINK_GITHUB_CLIENT_ID != 0;
  co_return Reply{.version = FORGELINK_VERSION,
                  .pid = getpid(),
                  .started_at = s.started_at,
                  .uptime = (s.clock.now() - s.started_at).count(),
                  .connections = static_cast<std::int64_t>(s.registry->size()),
                  .clients = static_cast<std::int64_t>(s.server->clients()),
                  .socket_activated = s.socket_activated,
                  .retention = std::string(name_of(s.settings.retention)),
                  .secret_store = view_of(s.vault),
                  .notifications = s.settings.notifications,
                  .oauth_app_github = app,
                  .log_level = s.settings.log_level,
                  .idle_exit = s.settings.idle_exit.count(),
                  .cache = s.settings.cache.count(),
                  .git_hosts = s.git_hosts.origins()};
}

}  // namespace forgelink
