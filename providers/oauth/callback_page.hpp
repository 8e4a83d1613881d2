// SPDX-License-Identifier: MIT
// The pages that the browser shows after a sign-in. Constant: nothing of the request is in them.
#pragma once

#include <string_view>

namespace forgelink {

std::string_view done_page();
std::string_view declined_page();

// The CSP that lets the pages have their own style and nothing else.
std::string_view page_security_policy();

}  // namespace forgelink
