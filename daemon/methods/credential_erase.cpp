// SPDX-License-Identifier: MIT
#include "daemon/methods/credential_erase.hpp"

namespace forgelink {

awaitable<Result<CredentialErase::Reply>> CredentialErase::call(Params params) const {
  Result<GitCredential> refused = checked(std::move(params));
  if (!refused) co_return refused.error();
  Result<> done = co_await credentials.erase(std::move(*refused));
  if (!done) co_return done.error();
  co_return Reply{};
}

}  // namespace forgelink
