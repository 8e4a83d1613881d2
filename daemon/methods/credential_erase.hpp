#pragma once

#include "daemon/methods/credential.hpp"

namespace forgelink {

struct CredentialErase {
  static constexpr std::string_view name = "credential.erase";
  static constexpr std::string_view summary =
      "For git's helper: git had this credential refused. The forge is asked before anything counts as "
      "refused.";

  using Params = CredentialParams;
  struct Reply {
    void fields(auto&) {}
  };

  GitCredentials& credentials;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
