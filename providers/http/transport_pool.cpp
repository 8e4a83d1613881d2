// SPDX-License-Identifier: MIT
#include "providers/http/transport_pool.hpp"

namespace forgelink::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kept_for{15};
constexpr std::size_t most_kept = 64;  // of all servers and tokens together

}  // namespace

std::unique_ptr<Transport> TransportPool::take(const std::string& key) {
  for (auto found = kept_.find(key); found != kept_.end(); found = kept_.find(key)) {
    std::unique_ptr<Transport> transport = std::move(found->second.transport);
    kept_.erase(found);
    if (transport->is_silent()) return transport;
  }
  return nullptr;
}

void TransportPool::put(const std::string& key, std::unique_ptr<Transport> transport) {
  if (kept_.size() >= most_kept) return;
  transport->used_before = true;
  kept_.emplace(key, Kept{.transport = std::move(transport), .until = SteadyClock::now() + kept_for});
}

void TransportPool::note_use() {
  last_use_ = SteadyClock::now();
  if (!waiting_) close_later();
}

void TransportPool::clear() {
  kept_.clear();
  timer_.cancel();
  waiting_ = false;
}

void TransportPool::close_later() {
  waiting_ = true;
  timer_.expires_at(last_use_ + kept_for);
  // Destroying the pool cancels the timer, and the handler then does nothing.
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (stopped) return;
    waiting_ = false;
    const auto now = SteadyClock::now();
    std::erase_if(kept_, [now](const auto& entry) { return entry.second.until <= now; });
    if (now - last_use_ < kept_for) {
      close_later();
    } else {
      kept_.clear();
      idle_();
    }
  });
}

}  // namespace forgelink::http
