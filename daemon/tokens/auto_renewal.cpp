// SPDX-License-Identifier: MIT
#include "daemon/tokens/auto_renewal.hpp"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "daemon/model/connection_view.hpp"
#include "providers/provider.hpp"
#include "providers/token_ending.hpp"

namespace forgelink {
namespace {

// The monotonic clock stands still while the machine sleeps, so the timer never runs longer than this.
constexpr std::chrono::hours longest_wait{1};
constexpr std::chrono::hours after_trouble{1}, after_refusal{24};

// Trouble of the keyring's side ends with an event, so nobody need wait for an hour to pass.
bool is_of_the_store(Errc code) {
  return code == Errc::locked || code == Errc::keyring_locked || code == Errc::keyring_unavailable;
}

// The forge would say the same an hour later.
bool is_final(Errc code) {
  return code == Errc::scope_missing || code == Errc::renew_unsupported || code == Errc::invalid_params ||
         code == Errc::policy_forbids;
}

}  // namespace

bool AutoRenewal::is_candidate(const Connection& connection) const {
  const Provider* provider = find_provider(connection.type);
  return settings_.renew_tokens && provider != nullptr && provider->rotation != nullptr &&
         connection.sign_in == SignIn::pat && connection.token.state == TokenState::valid &&
         connection.token.expires_at.has_value();
}

std::optional<Time> AutoRenewal::moment_of(const Connection& connection) const {
  if (!is_candidate(connection) || !can_rotate(connection)) return std::nullopt;
  const Time due = *connection.token.expires_at - settings_.renew_before;
  const auto waits = not_before_.find(connection.id);
  const bool counts = waits != not_before_.end() && waits->second.item == connection.token.item;
  return counts ? std::max(due, waits->second.until) : due;
}

// Left alone, and said once for each token.
void AutoRenewal::tell_if_it_cannot(const Connection& connection) {
  if (!is_candidate(connection) || can_rotate(connection)) return;
  const auto [told, first] = told_.try_emplace(connection.id, connection.token.item);
  if (!first && told->second == connection.token.item) return;
  told->second = connection.token.item;
  const Provider* provider = find_provider(connection.type);
  spdlog::warn("the token of \"{}\" will not be renewed ahead of its end: it has none of the scopes {}",
               connection.name, fmt::join(provider->rotation->scopes, ", "));
}

void AutoRenewal::on_event(const Event& event) {
  if (!settings_.renew_tokens) return;
  switch (event.kind) {
    case EventKind::connection_removed:
      not_before_.erase(event.connection->id);
      told_.erase(event.connection->id);
      return;
    case EventKind::secret_store_changed:
    case EventKind::daemon_unlocked:
      std::erase_if(not_before_, [](const auto& entry) { return entry.second.for_the_store; });
      return look();
    case EventKind::connection_added:
    case EventKind::connection_updated:
    case EventKind::token_verified:
      return look();
    default:
      return;
  }
}

void AutoRenewal::look() {
  timer_.cancel();
  // renew_all() looks again at its end.
  if (busy_ || !settings_.renew_tokens) return;
  std::vector<ConnectionId> due;
  std::optional<Time> next;
  const Time now = clock_.now();
  registry_.for_each([&](const Connection& connection) {
    tell_if_it_cannot(connection);
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

// Whether it still is to be renewed: while others were, a person may have replaced it, or the settings say
// "never" by now.
bool AutoRenewal::is_due(ConnectionId id) const {
  const Connection* row = registry_.find(id);
  const auto moment = row != nullptr ? moment_of(*row) : std::nullopt;
  return moment && *moment <= clock_.now();
}

awaitable<> AutoRenewal::renew_all(std::vector<ConnectionId> due) {
  for (const ConnectionId& id : due) {
    if (stopping_) break;
    if (!is_due(id)) continue;
    Result<> renewed = co_await renewer_.renew(id, std::nullopt, TokenRenewer::By::setting);
    settle(id, renewed);
  }
  busy_ = false;
  if (!stopping_) look();
}

void AutoRenewal::settle(ConnectionId id, const Result<>& renewed) {
  const Connection* row = registry_.find(id);
  if (row == nullptr) return;
  if (renewed) {
    not_before_.erase(id);
    // The forge may give no token that ends later.
    if (is_due(id)) not_before_[id] = {.item = row->token.item, .until = clock_.now() + after_refusal};
    return;
  }
  const Error& error = renewed.error();
  not_before_[id] = {.item = row->token.item,
                     .until = clock_.now() + (is_final(error.code) ? after_refusal : after_trouble),
                     .for_the_store = is_of_the_store(error.code)};
  spdlog::warn("the token of \"{}\" was not renewed ahead of its end: {}", row->name, error.message);
}

}  // namespace forgelink
