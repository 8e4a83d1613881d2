// SPDX-License-Identifier: MIT
#include "daemon/lists/page_cache.hpp"

#include <algorithm>

#include "base/memory.hpp"

namespace forgelink {
namespace {

constexpr std::chrono::seconds kept_for{20};
// Of all lists together; one alone may have more. 10,000 take about 6 MB.
constexpr std::size_t most_repositories = 20'000;
// An almost empty page costs memory too: none counts for less than a 64th of the room.
constexpr std::size_t least_weight = most_repositories / 64;

}  // namespace

std::size_t PageCache::PlaceHash::operator()(const Place& place) const {
  return std::hash<ConnectionId>()(place.connection) ^ std::hash<std::string>()(place.next);
}

PageCache::PageCache(const asio::any_io_executor& executor)
    : kept_(executor, {.most = most_repositories, .emptied = release_free_memory}) {}

std::size_t PageCache::repositories() const {
  std::size_t sum = 0;
  kept_.for_each([&](const Place&, const Kept& kept) { sum += kept.page->items.size(); });
  return sum;
}

void PageCache::keep(const Connection& connection, std::string next, SharedPage page) {
  kept_.erase_if([&](const Place& place, const Kept& kept) {
    return place.connection == connection.id && (page->whole || kept.updated_at != connection.updated_at);
  });
  if (page->whole) next.clear();
  const std::size_t weight = std::max(page->items.size(), least_weight);
  kept_.put({.connection = connection.id, .next = std::move(next)},
            {.updated_at = connection.updated_at, .page = std::move(page)}, kept_for, weight);
}

PageCache::SharedPage PageCache::find(const Connection& connection, const std::string& next) {
  const Kept* found = kept_.find({connection.id, ""}, kept_for);
  // The first page of a list of many has the place "" as well, and answers no other.
  if (found == nullptr || !(found->page->whole || next.empty()))
    found = kept_.find({connection.id, next}, kept_for);
  return found != nullptr && found->updated_at == connection.updated_at ? found->page : nullptr;
}

}  // namespace forgelink
