#pragma once

#include "daemon/methods/credential.hpp"

namespace forgelink {

struct CredentialStore {
  static constexpr std::string_view name = "credential.store";
  static constexpr std::string_view summary = "For git's helper: git had this credential accepted.";

  using Params = CredentialParams;
  struct Reply {
    void fields(auto&) {}
  };

  GitCredentials& credentials;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
