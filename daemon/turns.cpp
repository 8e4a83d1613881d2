#include "daemon/turns.hpp"

namespace forgelink {

awaitable<Turns::Turn> Turns::take(ConnectionId id) {
  const std::shared_ptr<Queues> queues = queues_;
  Queue& queue = (*queues)[id];  // stays where it is while anybody waits
  ++queue.waiting;
  while (queue.taken) co_await queue.freed.wait();
  --queue.waiting;
  queue.taken = true;
  co_return Turn(queues, id);
}

void Turns::give_back(Queues& queues, ConnectionId id) {
  Queue& queue = queues.at(id);
  queue.taken = false;
  if (queue.waiting == 0) {
    queues.erase(id);
  } else {
    queue.freed.notify();
  }
}

}  // namespace forgelink
