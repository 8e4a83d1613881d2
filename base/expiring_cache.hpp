// SPDX-License-Identifier: MIT
// A bounded cache whose entries expire: what was used last stays longest, and nothing stays beyond its time.
//
//   ExpiringCache<ItemId, SharedSecret> cache(executor, {.most = 1024});
//   cache.put(id, secret, std::chrono::minutes(5));
//   if (const SharedSecret* found = cache.find(id)) ...
//
// With an executor one timer drops what has expired, at most once a second, however many entries there are.
// Without, an expired entry goes when it is looked for or room is needed. Used on the event loop only;
// REQUIRES: with an executor the cache lives as long as the loop runs, or is destroyed on it.
#pragma once

#include <algorithm>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>

#include "base/async.hpp"

namespace forgelink {

template <class Key, class Value, class Hash = std::hash<Key>>
class ExpiringCache {
 public:
  using SteadyClock = std::chrono::steady_clock;

  struct Options {
    std::size_t most = 1024;                       // of the weights together; one entry alone may weigh more
    Milliseconds grain = std::chrono::seconds(1);  // between two rounds of dropping what has expired
    std::function<void()> emptied = nullptr;       // called when such a round has dropped the last entry
  };

  explicit ExpiringCache(Options options) : options_(std::move(options)) {}
  ExpiringCache(const asio::any_io_executor& executor, Options options)
      : options_(std::move(options)), timer_(executor) {}

  // Takes the place of an entry with that key. `lifetime` of zero keeps nothing.
  void put(Key key, Value value, Milliseconds lifetime, std::size_t weight = 1) {
    erase(key);
    if (lifetime.count() <= 0) return;
    entries_.push_front(
        {.key = key, .value = std::move(value), .until = SteadyClock::now() + lifetime, .weight = weight});
    by_key_.emplace(std::move(key), entries_.begin());
    weight_ += weight;
    while (weight_ > options_.most && entries_.size() > 1) drop(std::prev(entries_.end()));
    arm();
  }

  // nullptr if there is none; valid until the next call. `renew`: lives that long from now on.
  Value* find(const Key& key, Milliseconds renew = Milliseconds::zero()) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    const auto entry = found->second;
    const auto now = SteadyClock::now();
    if (entry->until <= now) {
      drop(entry);
      return nullptr;
    }
    if (renew.count() > 0) entry->until = now + renew;
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->value;
  }

  void erase(const Key& key) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) drop(found->second);
  }

  template <class Predicate>
  void erase_if(Predicate unwanted) {
    for (auto at = entries_.begin(); at != entries_.end();) {
      const auto entry = at++;
      if (unwanted(entry->key, entry->value)) drop(entry);
    }
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : entries_) visit(entry.key, entry.value);
  }

  void clear() {
    by_key_.clear();
    entries_.clear();
    weight_ = 0;
  }

  std::size_t size() const { return entries_.size(); }
  std::size_t weight() const { return weight_; }

 private:
  struct Entry {
    Key key;
    Value value;
    SteadyClock::time_point until;
    std::size_t weight;
  };
  using Entries = std::list<Entry>;

  void drop(typename Entries::iterator entry) {
    weight_ -= entry->weight;
    by_key_.erase(entry->key);
    entries_.erase(entry);
  }

  void arm() {
    if (!timer_ || armed_ || entries_.empty()) return;
    auto next = SteadyClock::time_point::max();
    for (const Entry& entry : entries_) next = std::min(next, entry.until);
    armed_ = true;
    timer_->expires_at(std::max(next, SteadyClock::now() + options_.grain));
    timer_->async_wait([this](const boost::system::error_code& stopped) {
      if (stopped) return;  // destroyed
      armed_ = false;
      const auto now = SteadyClock::now();
      for (auto at = entries_.begin(); at != entries_.end();) {
        const auto entry = at++;
        if (entry->until <= now) drop(entry);
      }
      if (entries_.empty() && options_.emptied) options_.emptied();
      arm();
    });
  }

  Options options_;
  Entries entries_;  // what was used last comes first
  std::unordered_map<Key, typename Entries::iterator, Hash> by_key_;
  std::size_t weight_ = 0;
  std::optional<asio::steady_timer> timer_;
  bool armed_ = false;
};

}  // namespace forgelink
