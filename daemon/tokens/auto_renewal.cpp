// SPDX-License-Identifier: MIT
#include "daemon/tokens/auto_renewal.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "providers/token_ending.hpp"

namespace forgelink {
namespace {

// The monotonic clock stands still while the machine sleeps, so nobody sleeps longer than this.
constexpr std::chrono::hours longest_wait{1};
constexpr std::chrono::hours after_failure{1};

// Has the token one of the scopes that let it rotate itself?
bool may_rotate(const Connection& connection, const Rotation& rotation) {
  if (!connection.token.scopes) return false;
  return std::any_of(connection.token.scopes->begin(), connection.token.scopes->end(),
                     [&](const std::string& scope) {
                       const auto at = rotation.scopes.find(scope);
                       if (at == std::string_view::npos) return false;
                       const auto end = at + scope.size();
                       const bool begins = at == 0 || rotation.scopes[at - 1] == ' ';
                       return begins && (end == rotation.scopes.size() || rotation.scopes[end] == ' ');
                     });
}

}  // namespace

std::optional<Time> AutoRenewal::moment_of(const Connection& connection) const {
  const TokenMetadata& token = connection.token;
  if (!settings_.renew_tokens || connection.sign_in != SignIn::pat || token.state != TokenState::valid ||
      !token.expires_at)
    return std::nullopt;
  const Provider* provider = find_provider(connection.type);
  if (provider == nullptr || provider->rotation == nullptr || !may_rotate(connection, *provider->rotation))
    return std::nullopt;
  const Time due = *token.expires_at - settings_.renew_before;
  const auto waits = not_before_.find(connection.id);
  return waits == not_before_.end() ? due : std::max(due, waits->second);
}

void AutoRenewal::on_event(const Event& event) {
  if (event.connection == nullptr || !settings_.renew_tokens) return;
  if (event.kind == EventKind::connection_added || event.kind == EventKind::connection_updated ||
      event.kind == EventKind::token_verified)
    look();
}

void AutoRenewal::look() {
  timer_.cancel();
  if (busy_ || !settings_.renew_tokens) return;
  std::vector<ConnectionId> due;
  std::optional<Time> next;
  const Time now = clock_.now();
  registry_.for_each([&](const Connection& connection) {
    const auto moment = moment_of(connection);
    if (!moment) return;
    if (*moment <= now) {
      due.push_back(connection.id);
    } else if (!next || *moment < *next) {
      next = *moment;
    }
  });
  if (!due.empty()) {
    busy_ = true;
    spawn(executor_, renew_all(std::move(due)));
  } else if (next) {
    timer_.expires_after(std::min<std::chrono::seconds>(*next - now, longest_wait));
    timer_.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped) look();
    });
  }
}

awaitable<> AutoRenewal::renew_all(std::vector<ConnectionId> due) {
  for (const ConnectionId& id : due) {
    Result<> renewed = co_await renewer_.renew(id, std::nullopt);
    if (renewed) {
      not_before_.erase(id);
    } else {
      not_before_[id] = clock_.now() + after_failure;
      spdlog::warn("a token was not renewed ahead of its end: {}", renewed.error().message);
    }
  }
  // A token that still ends within the time, since the forge gives no longer one, is not renewed again for a while.
  for (const ConnectionId& id : due) {
    const Connection* row = registry_.find(id);
    const auto moment = row != nullptr ? moment_of(*row) : std::nullopt;
    if (moment && *moment <= clock_.now()) not_before_[id] = clock_.now() + std::chrono::hours(24);
  }
  busy_ = false;
  look();
}

}  // namespace forgelink
