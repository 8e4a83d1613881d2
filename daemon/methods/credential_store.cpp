// SPDX-License-Identifier: MIT
#include "daemon/methods/credential_store.hpp"

namespace forgelink {

awaitable<Result<CredentialStore::Reply>> CredentialStore::call(Params params) const {
  Result<GitCredential> accepted = checked(std::move(params));
  if (!accepted) co_return accepted.error();
  Result<> done = co_await credentials.store(std::move(*accepted));
  if (!done) co_return done.error();
  co_return Reply{};
}

}  // namespace forgelink
