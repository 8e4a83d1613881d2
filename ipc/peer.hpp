// SPDX-License-Identifier: MIT
// The program at the other end of a connection, as a method sees it: somebody to tell things to later.
//
// On the loop only. Hold it by weak_ptr (`share().…`): it goes when its connection closes.
#pragma once

#include <memory>
#include <string>

namespace forgelink::ipc {

class Peer : public std::enable_shared_from_this<Peer> {
 public:
  virtual ~Peer() = default;

  // Queues one notification (a JSON text without its newline). A peer that lets 4 MiB wait is dropped
  // instead.
  virtual void notify(std::shared_ptr<const std::string> line) = 0;

  // True once nobody reads answers any more. A client that has only ended its own side still reads.
  virtual bool is_gone() const = 0;
};

}  // namespace forgelink::ipc
