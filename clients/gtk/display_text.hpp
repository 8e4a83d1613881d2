// SPDX-License-Identifier: MIT
// Text of forges and of other programs, made fit to be shown. Plain functions; any thread.
#pragma once

#include <glibmm/ustring.h>

namespace forgelink::gtk {

// Control characters and marks that reorder text (Unicode TR 9, "explicit directional formatting") become
// U+FFFD, so that nobody's text can pass for another; line breaks become blanks. What is not UTF-8 is mended.
Glib::ustring display_text(const std::string& text);

}  // namespace forgelink::gtk
