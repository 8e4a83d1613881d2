// One thing at a time for one connection: whoever holds its turn may ask the forge about it and change its
// token. Reading, removing and purging need no turn; so whoever holds one looks again after each wait.
//
//   Turn turn = co_await turns.take(id);
//
// On the loop; must outlive its turns.
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

 public:
  class Turn {
   public:
    Turn(Turns& turns, ConnectionId id) : turns_(&turns), id_(id) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)), id_(other.id_) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->give_back(id_);
    }

   private:
    Turns* turns_;
    ConnectionId id_;
  };

  awaitable<Turn> take(ConnectionId id);

 private:
  void give_back(ConnectionId id);

  std::unordered_map<ConnectionId, Queue> queues_;
};

}  // namespace forgelink
