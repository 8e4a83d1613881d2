// SPDX-License-Identifier: MIT
// Text of forges and of other programs, made fit to be shown. Plain functions; any thread.
#pragma once

#include <glibmm/ustring.h>

namespace forgelink::gtk {

// What is_unsafe_code_point() names becomes U+FFFD, so that nobody's text can pass for another; line breaks
// and tabs become blanks. What is not UTF-8 becomes U+FFFD as well.
Glib::ustring display_text(const std::string& text);

}  // namespace forgelink::gtk
