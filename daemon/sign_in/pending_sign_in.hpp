// SPDX-License-Identifier: MIT
// One sign-in from its start until a minute after its end. Shared by the coroutines that carry it on; private
// to SignIns. On the loop.
#pragma once

#include <memory>
#include <string>

#include "daemon/sign_in/sign_ins.hpp"

namespace forgelink {

struct SignIns::Pending {
  Pending(asio::any_io_executor executor) : end(executor) {}

  std::string id;
  Method method = Method::browser;
  Connection draft;
  bool is_new = true, accept_account_change = false;
  OAuthServer server;
  Time expires_at{};

  std::unique_ptr<LoopbackListener::Expected> redirect;  // browser
  std::optional<DeviceCode> device;

  bool code_taken = false;                // a code is exchanged once
  bool asking_for_pair = false;           // a request whose answer may be the pair is on its way
  bool time_is_up = false;                // a pair that the forge gave is saved without its account
  bool asked_to_unlock = false;           // the keyring, by a prompt: once
  bool saving = false;                    // the connection is being written: too late to stop
  std::shared_ptr<const TokenPair> pair;  // what the forge gave, until it is saved
  std::string last_trouble;
  std::optional<Outcome> outcome;
  Signal changed;
  asio::steady_timer end;  // of the time to finish, then of being askable
};

}  // namespace forgelink
