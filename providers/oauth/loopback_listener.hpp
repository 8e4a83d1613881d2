// SPDX-License-Identifier: MIT
// Waits on the loopback interface for the browser that comes back from a sign-in (RFC 8252 sections 7.3 and
// 8).
//
// Bound to 127.0.0.1 on a port of its own before the address is given out, with a path of its own. Only a GET
// of exactly that path, with our Host and the right `state`, counts; everything else is turned away and has
// no effect. At most 16 connections at once (the oldest gives way), 10 s and 8 KiB for each. On the loop.
#pragma once

#include <functional>
#include <memory>

#include "base/async.hpp"
#include "providers/oauth/redirect.hpp"

namespace forgelink {

class LoopbackListener {
 public:
  using OnAnswer = std::function<void(RedirectAnswer)>;

  // `on_answer` is called once at most.
  static Result<std::unique_ptr<LoopbackListener>> open(const asio::any_io_executor& executor,
                                                        std::string issuer, OnAnswer on_answer);
  ~LoopbackListener();

  const SignInRequest& request() const;

  // Takes no more; a page that is being sent is still sent, for 2 s at most. The port is free at once.
  void close();

 private:
  class Impl;
  explicit LoopbackListener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace forgelink
