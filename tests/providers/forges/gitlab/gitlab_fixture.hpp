// SPDX-License-Identifier: MIT
// What the tests of GitLab share: the addresses and answers of an instance below a sub-path.
#pragma once

#include <string>

#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {

inline const std::string gitlab_root = "https://host.example:8443/git/lab";
inline const std::string gitlab_api = gitlab_root + "/api/v4";
inline const std::string self_url = gitlab_api + "/personal_access_tokens/self";
inline const std::string gitlab_user_url = gitlab_api + "/user";
inline constexpr const char* a_self =
    R"({"id": 7, "revoked": false, "active": true, "scopes": ["read_api", "write_repository"], "expires_at": "2027-11-20"})";
inline constexpr const char* gitlab_user =
    R"({"id": 42, "username": "octo-dev", "name": "Octo Dev", "state": "active",
    "email": "dev@example.org", "public_email": "", "commit_email": "commits@example.org"})";

// A self-managed one below a sub-path: gitlab.com is the same code with another root.
class GitLab : public ForgeFixture {
 protected:
  GitLab() : ForgeFixture("gitlab-self-managed") { target.server_url = gitlab_root; }
};

}  // namespace forgelink
