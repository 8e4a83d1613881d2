// SPDX-License-Identifier: MIT
// The state of the secret store as clients see it.
#pragma once

#include <optional>
#include <string>

namespace forgelink::protocol {

struct SecretStoreView {
  std::string backend, state;
  bool memory_locked = true;
  std::optional<std::string> trouble;

  void fields(auto& f) {
    f.required("backend", backend, "secret-service or memory.");
    f.required("state", state, "available, locked or unavailable.");
    f.required("memory_locked", memory_locked,
               "False where the system gives no memory that is kept out of swap.");
    f.optional("trouble", trouble, "What is not as it should be, in a sentence.");
  }
};

}  // namespace forgelink::protocol
