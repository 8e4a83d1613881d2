// SPDX-License-Identifier: MIT
// A grant: this program may use this connection without a question. Plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/access_grant.hpp"

namespace forgelink {

enum class Decision { once, session, always, deny };

std::string_view name_of(Decision decision);
std::optional<Decision> decision_of(std::string_view name);

struct Grant {
  AccessGrant what;
  Decision decision = Decision::session;  // session or always
};

}  // namespace forgelink
