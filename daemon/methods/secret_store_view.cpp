// SPDX-License-Identifier: MIT
#include "daemon/methods/secret_store_view.hpp"

#include "base/locked_memory.hpp"

namespace forgelink {

SecretStoreView view_of(const SecretVault& vault) {
  SecretStoreView view{.backend = std::string(name_of(vault.backend())),
                       .state = std::string(name_of(vault.state())),
                       .memory_locked = memory_is_locked(),
                       .still_to_erase = static_cast<std::int64_t>(vault.still_to_erase())};
  std::string trouble = vault.trouble();
  if (!trouble.empty()) view.trouble = std::move(trouble);
  return view;
}

}  // namespace forgelink
