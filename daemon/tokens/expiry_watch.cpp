// SPDX-License-Identifier: MIT
#include "daemon/tokens/expiry_watch.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>

#include "daemon/model/connection_rules.hpp"
#include "daemon/model/connection_view.hpp"

namespace forgelink {
namespace {

using std::chrono::days;

// The monotonic clock stands still while the machine sleeps, so the timer never runs longer than this.
constexpr std::chrono::hours longest_sleep{1};

bool given(const TokenMetadata& token, int day) {
  return std::find(token.notices_given.begin(), token.notices_given.end(), day) != token.notices_given.end();
}

bool is_watched(const Connection& connection) {
  const TokenState state = connection.token.state;
  return connection.token.expires_at && !renews_itself(connection) &&
         (state == TokenState::valid || state == TokenState::unverified);
}

}  // namespace

void ExpiryWatch::rebuild() {
  due_.clear();
  moment_of_.clear();
  // Changed after the walk: an update ends what for_each() hands out.
  std::vector<ConnectionId> early;
  registry_.for_each([&](const Connection& connection) {
    if (is_over_too_early(connection)) early.push_back(connection.id);
    follow(connection);
  });
  for (const ConnectionId& id : early) take_back(id);
  tell_what_is_due();
}

// The machine's clock had gone ahead, and was set right since.
bool ExpiryWatch::is_over_too_early(const Connection& connection) const {
  const TokenMetadata& token = connection.token;
  return token.state == TokenState::expired && token.expires_at && *token.expires_at > clock_.now();
}

void ExpiryWatch::take_back(ConnectionId id) {
  Connection row = *registry_.find(id);
  // It may be used again, and the next use tells what it is.
  row.token.state = TokenState::unverified;
  row.token.notices_given.clear();
  if (Result<> written = registry_.update(row); !written) return;
  // By that event it is followed again.
  events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
}

void ExpiryWatch::on_event(const Event& event) {
  if (event.connection == nullptr) return;
  if (event.kind == EventKind::connection_removed) return forget(event.connection->id);
  if (event.kind == EventKind::token_expiring || event.kind == EventKind::token_expired) return;  // our own
  forget(event.connection->id);
  follow(*event.connection);
  arm();
}

void ExpiryWatch::forget(ConnectionId id) {
  const auto known = moment_of_.find(id);
  if (known == moment_of_.end()) return;
  const auto [begin, end] = due_.equal_range(known->second);
  for (auto at = begin; at != end; ++at) {
    if (at->second != id) continue;
    due_.erase(at);
    break;
  }
  moment_of_.erase(known);
}

std::optional<Time> ExpiryWatch::next_moment(const Connection& connection) const {
  if (!is_watched(connection)) return std::nullopt;
  const Time end = *connection.token.expires_at;
  // The settings list the days from far to near.
  for (int day : settings_.expiry_days) {
    if (!given(connection.token, day)) return end - days(day);
  }
  return end;
}

void ExpiryWatch::follow(const Connection& connection) {
  const auto moment = next_moment(connection);
  if (!moment) return;
  due_.emplace(*moment, connection.id);
  moment_of_[connection.id] = *moment;
}

void ExpiryWatch::arm() {
  timer_.cancel();
  if (due_.empty()) return;
  const auto wait = std::clamp<std::chrono::seconds>(due_.begin()->first - clock_.now(),
                                                     std::chrono::seconds(0), longest_sleep);
  timer_.expires_after(wait);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped) tell_what_is_due();
  });
}

void ExpiryWatch::tell_what_is_due() {
  const Time now = clock_.now();
  // Collected first: telling publishes events, and those change `due_`.
  std::vector<ConnectionId> ids;
  for (auto at = due_.begin(); at != due_.end() && at->first <= now; ++at) ids.push_back(at->second);
  for (const ConnectionId& id : ids) {
    forget(id);
    const Connection* connection = registry_.find(id);
    if (connection != nullptr && is_watched(*connection)) tell(*connection);
    if (const Connection* told = registry_.find(id)) follow(*told);
  }
  arm();
}

void ExpiryWatch::tell(const Connection& connection) {
  Connection row = connection;
  const auto left = *row.token.expires_at - clock_.now();
  // One notice for the nearest of the days that have come; the farther ones are over.
  bool fresh = false;
  for (int day : settings_.expiry_days) {
    if (left > days(day) || given(row.token, day)) continue;
    row.token.notices_given.push_back(day);
    fresh = true;
  }
  const bool over = left <= std::chrono::seconds(0);
  if (over) row.token.state = TokenState::expired;
  if (!over && !fresh) return;
  if (Result<> written = registry_.update(row); !written) {
    spdlog::error("the end of a token could not be written: {}", written.error().message);
    return;
  }
  const Connection* told = registry_.find(row.id);
  const Provider* provider = find_provider(row.type);
  // Days are rounded up: a token that ends within the hour has one day left.
  boost::json::object detail{{"expires_at", rfc3339(*row.token.expires_at)},
                             {"days_left", over ? 0 : (left + days(1) - std::chrono::seconds(1)) / days(1)}};
  detail["can_renew"] = can_rotate(row);
  if (provider != nullptr)
    detail["renew_url"] = provider->token_page(target_of(row, settings_.endpoints, nullptr));
  events_.publish({.kind = over ? EventKind::token_expired : EventKind::token_expiring,
                   .connection = told,
                   .detail = std::move(detail)});
}

}  // namespace forgelink
