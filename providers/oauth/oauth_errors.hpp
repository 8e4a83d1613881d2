// SPDX-License-Identifier: MIT
// Translates the error codes of RFC 6749, 7636 and 8628 into Errors for the user. Plain functions.
#pragma once

#include "providers/oauth/oauth_server.hpp"

namespace forgelink {

// The dialect's own reading first, else the RFCs'. Never repeats what the server wrote, but its code.
Error oauth_error(const OAuthRefusal& refused, const OAuthServer& server);

// The code or refresh token was taken before, is wrong, or too old.
bool is_spent(const OAuthServer& server, std::string_view error);

// The server says of itself that it has trouble: asking again may help (RFC 6749 section 4.1.2.1).
bool is_passing(std::string_view error);

// The errors that dialects say as well.
Error unknown_app(const OAuthServer& server);
Error wrong_callback(const OAuthServer& server);
Error code_expired();

}  // namespace forgelink
