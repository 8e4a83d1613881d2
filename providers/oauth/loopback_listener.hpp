// SPDX-License-Identifier: MIT
// Waits on the loopback interface for the browser that comes back from a sign-in (RFC 8252 sections 7.3 and
// 8). Host, path, families and port are data of the forge (OAuthRedirect).
//
// Bound before its address is given out. Accepts only a GET of exactly that path, with our `Host`, by a
// process of our own user and with the `state` of a pending sign-in; everything else is refused without
// effect. At most 16 connections at once (the oldest gives way), 10 s and 8 KiB for each. On the loop.
#pragma once

#include <functional>
#include <memory>

#include "base/async.hpp"
#include "providers/oauth/oauth_dialect.hpp"
#include "providers/oauth/redirect.hpp"

namespace forgelink {

class LoopbackListener {
 public:
  class Impl;

  // One sign-in that the listener waits for. Destroying it forgets the sign-in; with the last one the port is
  // free at once, and a page that is being sent is still sent, for 2 s at most.
  class Expected {
   public:
    Expected(std::shared_ptr<Impl> impl, SignInRequest request);
    ~Expected();
    Expected(const Expected&) = delete;
    Expected& operator=(const Expected&) = delete;

    const SignInRequest& request() const { return request_; }

   private:
    std::shared_ptr<Impl> impl_;
    SignInRequest request_;
  };

  using OnAnswer = std::function<void(RedirectAnswer)>;

  // `port` 0: whichever is free. Fails if the port is taken.
  static Result<LoopbackListener> open(const asio::any_io_executor& executor, const OAuthRedirect& redirect,
                                       unsigned short port);

  // The same address as before a restart: the port and path of that redirect URI.
  static Result<LoopbackListener> reopen(const asio::any_io_executor& executor, const OAuthRedirect& redirect,
                                         const std::string& redirect_uri);

  // Sign-ins may share a listener: a redirect is told apart by its `state`. `on_answer` is called once at
  // most.
  std::unique_ptr<Expected> expect(std::string issuer, OnAnswer on_answer);

  // A sign-in from before a restart. REQUIRES: the listener was reopened at its redirect URI.
  std::unique_ptr<Expected> expect_again(SignInRequest request, OnAnswer on_answer);

  // Waits for at least one sign-in still.
  bool is_open() const;

 private:
  explicit LoopbackListener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace forgelink
