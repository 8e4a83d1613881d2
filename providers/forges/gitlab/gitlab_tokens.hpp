// SPDX-License-Identifier: MIT
// Ending and rotating GitLab's personal access tokens (docs.gitlab.com/api/personal_access_tokens). The pair
// of a sign-in ends by RFC 7009 instead (gitlab_oauth.cpp).
#pragma once

#include "providers/token_ending.hpp"

namespace forgelink::forges::gitlab {

const Revocation& revocation();
const Rotation& rotation();

}  // namespace forgelink::forges::gitlab
