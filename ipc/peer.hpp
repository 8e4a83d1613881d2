// SPDX-License-Identifier: MIT
// The program at the other end of a connection, as a method sees it: who asks, and somebody to tell things to
// later.
//
// On the loop only. Hold it by weak_ptr (`weak_from_this()`): it goes when its connection closes. A method
// that awaits may keep the reference: the channel lives until the method has answered.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/caller.hpp"

namespace forgelink::ipc {

class Peer : public std::enable_shared_from_this<Peer> {
 public:
  virtual ~Peer() = default;

  // Queues one notification (a JSON text without its newline). A peer that lets 4 MiB wait is dropped
  // instead.
  virtual void notify(std::shared_ptr<const std::string> line) = 0;

  // True once nobody reads answers any more. A client that has only ended its own side still reads.
  virtual bool is_gone() const = 0;

  // Who it is; found out at the first call and kept. Never null.
  virtual std::shared_ptr<const Caller> caller() { return std::make_shared<const Caller>(); }

  // Runs `then` once, when the connection has closed.
  void at_close(std::function<void()> then) { at_close_.push_back(std::move(then)); }

 protected:
  void run_at_close() {
    for (const auto& then : std::exchange(at_close_, {})) then();
  }

 private:
  std::vector<std::function<void()>> at_close_;
};

}  // namespace forgelink::ipc
