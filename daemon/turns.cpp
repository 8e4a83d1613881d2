#include "daemon/turns.hpp"

namespace forgelink {

awaitable<Turns::Turn> Turns::take(ConnectionId id) {
  Queue& queue = queues_[id];  // stays where it is while anybody waits
  ++queue.waiting;
  while (queue.taken) co_await queue.freed.wait();
  --queue.waiting;
  queue.taken = true;
  co_return Turn(*this, id);
}

void Turns::give_back(ConnectionId id) {
  Queue& queue = queues_.at(id);
  queue.taken = false;
  if (queue.waiting == 0) {
    queues_.erase(id);
  } else {
    queue.freed.notify();
  }
}

}  // namespace forgelink
