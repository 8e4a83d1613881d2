#include "daemon/methods/daemon_status.hpp"

#include <unistd.h>

#include "daemon/version.hpp"

namespace forgelink {

Result<DaemonStatus::Reply> DaemonStatus::call(Params) const {
  const auto app = registry.oauth_app("github");
  return Reply{.version = FORGELINK_VERSION,
               .pid = getpid(),
               .started_at = started_at,
               .uptime = (clock.now() - started_at).count(),
               .connections = static_cast<std::int64_t>(registry.size()),
               .clients = static_cast<std::int64_t>(server.clients()),
               .socket_activated = socket_activated,
               .retention = std::string(name_of(settings.retention)),
               .secret_store = view_of(vault),
               .notifications = settings.notifications,
               .oauth_app_github = app.has_value() || !settings.github_client_id.empty(),
               .log_level = settings.log_level,
               .idle_exit = settings.idle_exit.count(),
               .cache = settings.cache.count(),
               .git_hosts = git_hosts.origins()};
}

}  // namespace forgelink
