// SPDX-License-Identifier: MIT
// Saves the tokens that only locked memory holds in the restart image, and restores them. Plain
// functions; on the loop.
#pragma once

#include "daemon/process/memory_image.hpp"
#include "daemon/tokens/tokens.hpp"

namespace forgelink {

// Items of the memory store, and pairs that neither keyring nor registry took yet.
void save_tokens(const MemorySecretStore& memory, const SecretVault& vault, const Renewal& renewal,
                 MemoryImage& image);

// Takes over what rows still name. REQUIRES: before Tokens::forget_lost_memory.
awaitable<> restore_tokens(const MemoryImage& image, const Registry& registry, MemorySecretStore& memory,
                           SecretVault& vault, Renewal& renewal);

}  // namespace forgelink
