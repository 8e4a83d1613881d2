// SPDX-License-Identifier: MIT
// The state of the secret store as clients see it.
#pragma once

#include "daemon/vault/secret_vault.hpp"
#include "ipc/protocol/secret_store_view.hpp"

namespace forgelink {

using protocol::SecretStoreView;

SecretStoreView view_of(const SecretVault& vault);

}  // namespace forgelink
