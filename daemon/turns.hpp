// One thing at a time for one connection: whoever holds its turn may ask the forge about it and change its
// token. Reading, removing and purging need no turn; so whoever holds one looks again after each wait.
//
//   Turn turn = co_await turns.take(id);
//
// On the loop. Turns that are still held when the daemon ends outlive this.
#pragma once

#include <memory>
#include <unordered_map>

#include "base/async.hpp"
#include "base/ids.hpp"

namespace forgelink {

class Turns {
  struct Queue {
    bool taken = false;
    std::size_t waiting = 0;
    Signal freed;
  };
  using Queues = std::unordered_map<ConnectionId, Queue>;

 public:
  class Turn {
   public:
    Turn(std::shared_ptr<Queues> queues, ConnectionId id) : queues_(std::move(queues)), id_(id) {}
    Turn(Turn&& other) noexcept : queues_(std::move(other.queues_)), id_(other.id_) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (queues_) give_back(*queues_, id_);
    }

   private:
    std::shared_ptr<Queues> queues_;
    ConnectionId id_;
  };

  awaitable<Turn> take(ConnectionId id);

 private:
  static void give_back(Queues& queues, ConnectionId id);

  std::shared_ptr<Queues> queues_ = std::make_shared<Queues>();
};

}  // namespace forgelink
