// SPDX-License-Identifier: MIT
// Stores the credentials that git had accepted for hosts that no connection covers, as any credential helper
// does.
//
// The registry knows protocol, host, path and user name; the password, its end, its refresh token, or the
// `credential` of an authtype are one secret in the vault. On the loop.
#pragma once

#include "daemon/git/git_hosts.hpp"
#include "daemon/vault/secret_vault.hpp"

namespace forgelink {

struct GitCredential;
struct GitAnswer;

class StoredCredentials {
 public:
  StoredCredentials(Registry& registry, SecretVault& vault, const GitHosts& hosts, const Clock& clock)
      : registry_(registry), vault_(vault), hosts_(hosts), clock_(clock) {}

  // Something is known for it. Asks no store.
  bool has(const GitAddress& address) const { return !matching(address).empty(); }

  // Nothing where nothing is known or its time is over. Refusals of the keyring come as `quit`.
  awaitable<GitAnswer> find(const GitCredential& asked);
  awaitable<Result<>> remember(GitCredential accepted);
  // All that match; with a password only those that have it.
  awaitable<Result<>> forget(GitCredential refused);
  // Every one of them, for `purge --all`; fails if one is still there.
  awaitable<Result<>> forget_all();

 private:
  // What is known for an address. On a host of `forgelink git setup` the path is not looked at: git sends it
  // there for our sake only, and one password was enough for a host before.
  std::vector<StoredCredential> matching(const GitAddress& address) const;
  bool is_known(ItemId item) const;

  Registry& registry_;
  SecretVault& vault_;
  const GitHosts& hosts_;
  const Clock& clock_;
};

}  // namespace forgelink
