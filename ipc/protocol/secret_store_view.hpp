// SPDX-License-Identifier: MIT
// The state of the secret store as clients see it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace forgelink::protocol {

struct SecretStoreView {
  std::string backend, state;
  bool memory_locked = true;
  std::optional<std::string> trouble;
  std::int64_t still_to_erase = 0;

  void fields(auto& f) {
    f.required("backend", backend, "secret-service or memory.");
    f.required("state", state, "available, locked or unavailable.");
    f.required("memory_locked", memory_locked,
               "False where the system does not lock memory (RLIMIT_MEMLOCK): tokens may be swapped out.");
    // Optional, since a daemon of version 0.1 does not say it.
    f.optional("still_to_erase", still_to_erase,
               "Items of removed tokens that the keyring has not deleted yet; retried.");
    f.optional("trouble", trouble, "What is wrong, in a sentence.");
  }
};

}  // namespace forgelink::protocol
