// SPDX-License-Identifier: MIT
#include "daemon/lists/page_cache.hpp"

#include <algorithm>
#include <numeric>

#include "base/memory.hpp"

namespace forgelink {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kept_for{20};
// Of all lists together; one alone may have more. 10,000 take about 6 MB.
constexpr std::size_t most_repositories = 20'000;
constexpr std::size_t most_pages = 64;

}  // namespace

bool PageCache::Kept::answers(const Connection& asked, const std::string& asked_next) const {
  return connection == asked.id && updated_at == asked.updated_at && (page->whole || next == asked_next);
}

std::size_t PageCache::repositories() const {
  return std::accumulate(kept_.begin(), kept_.end(), std::size_t{0},
                         [](std::size_t sum, const Kept& one) { return sum + one.page->items.size(); });
}

void PageCache::keep(const Connection& connection, std::string next, SharedPage page) {
  kept_.remove_if([&](const Kept& one) {
    const bool older = one.connection == connection.id && one.updated_at != connection.updated_at;
    return older || one.answers(connection, next) || (page->whole && one.connection == connection.id);
  });
  kept_.push_front({.connection = connection.id,
                    .updated_at = connection.updated_at,
                    .next = std::move(next),
                    .page = std::move(page),
                    .until = SteadyClock::now() + kept_for});
  while (kept_.size() > 1 && (repositories() > most_repositories || kept_.size() > most_pages))
    kept_.pop_back();
  drop_later();
}

PageCache::SharedPage PageCache::find(const Connection& connection, const std::string& next) {
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const Kept& one) { return one.answers(connection, next); });
  if (found == kept_.end()) return nullptr;
  found->until = SteadyClock::now() + kept_for;
  kept_.splice(kept_.begin(), kept_, found);
  return kept_.front().page;
}

void PageCache::drop_later() {
  over_.cancel();
  if (kept_.empty()) return;
  over_.expires_at(kept_.back().until);
  over_.async_wait([this](const boost::system::error_code& stopped) {
    if (stopped) return;
    const auto now = SteadyClock::now();
    kept_.remove_if([now](const Kept& one) { return one.until <= now; });
    drop_later();
    if (kept_.empty()) release_free_memory();
  });
}

}  // namespace forgelink
