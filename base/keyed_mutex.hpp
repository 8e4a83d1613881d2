// SPDX-License-Identifier: MIT
// A mutex per key for coroutines: whoever holds the lock of a key is alone with it; others wait in their
// coroutine, not on a thread.
//
//   KeyedMutex<ConnectionId>::Lock lock = co_await mutex.lock(id);
//
// Used on the event loop only. A lock may outlive the mutex (one that is held when the daemon ends). Not
// recursive: a coroutine that locks a key it already holds waits forever.
#pragma once

#include <memory>
#include <unordered_map>

#include "base/async.hpp"
#include "base/ids.hpp"

namespace forgelink {

template <class Key>
class KeyedMutex {
  struct Entry {
    bool locked = false;
    std::size_t waiting = 0;
    Signal unlocked;
  };
  using Entries = std::unordered_map<Key, Entry>;

 public:
  // Unlocks when destroyed. Moved, never copied.
  class Lock {
   public:
    Lock(std::shared_ptr<Entries> entries, Key key) : entries_(std::move(entries)), key_(std::move(key)) {}
    Lock(Lock&& other) noexcept : entries_(std::move(other.entries_)), key_(std::move(other.key_)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
      if (entries_) unlock(*entries_, key_);
    }

   private:
    std::shared_ptr<Entries> entries_;
    Key key_;
  };

  awaitable<Lock> lock(Key key) {
    const std::shared_ptr<Entries> entries = entries_;
    Entry& entry = (*entries)[key];  // its address is stable; it is erased only while nobody waits
    ++entry.waiting;
    while (entry.locked) co_await entry.unlocked.wait();
    --entry.waiting;
    entry.locked = true;
    co_return Lock(entries, std::move(key));
  }

 private:
  static void unlock(Entries& entries, const Key& key) {
    Entry& entry = entries.at(key);
    entry.locked = false;
    if (entry.waiting == 0) {
      entries.erase(key);
    } else {
      entry.unlocked.notify();
    }
  }

  std::shared_ptr<Entries> entries_ = std::make_shared<Entries>();
};

// One operation at a time per connection: its holder may ask the forge about the connection and change its
// token. Reading, removing and purging take no lock, so a holder looks at the row again after each wait.
using ConnectionLocks = KeyedMutex<ConnectionId>;

}  // namespace forgelink
