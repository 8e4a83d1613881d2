// SPDX-License-Identifier: MIT
// A pending sign-in as bytes, to carry it over a restart of the daemon: what `state`, verifier, device code
// and client secret it has, and which connection it is for. Plain functions, on the loop.
#pragma once

#include "daemon/process/memory_image.hpp"
#include "daemon/sign_in/sign_ins.hpp"

namespace forgelink {

struct SavedSignIn {
  std::string id;
  SignIns::Method method = SignIns::Method::browser;
  Connection draft;
  bool is_new = true, accept_account_change = false;
  OAuthServer server;
  Time expires_at{};
  std::optional<SignInRequest> request;  // browser
  std::optional<DeviceCode> device;
  std::shared_ptr<const TokenPair> pair;  // what the forge gave already
};

Secret bytes_of(const SavedSignIn& saved);

// Nothing for what no version of ours wrote, or for a type that there is no more.
std::optional<SavedSignIn> saved_sign_in(std::string id, std::string_view bytes, const Endpoints& endpoints);

}  // namespace forgelink
