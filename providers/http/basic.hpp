// SPDX-License-Identifier: MIT
// Basic credentials (RFC 7617), made and taken apart in locked memory.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/secret.hpp"

namespace forgelink::http {

// With padding (RFC 4648 section 4).
Secret base64(std::string_view plain);

// base64(user ":" password)
Secret basic_credentials(std::string_view user, std::string_view password);

// The password inside them; nothing for what is no Basic credentials.
std::optional<Secret> password_of_basic(const Secret& credentials);

}  // namespace forgelink::http
