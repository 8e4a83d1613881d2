// SPDX-License-Identifier: MIT
#include "clients/gtk/display_text.hpp"

namespace forgelink::gtk {
namespace {

constexpr gunichar replacement = 0xfffd;

bool reorders(gunichar c) {
  return c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xfeff;
}

bool is_control(gunichar c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

}  // namespace

Glib::ustring display_text(const std::string& text) {
  const Glib::ustring whole = Glib::ustring(text).make_valid();
  Glib::ustring shown;
  for (const gunichar c : whole) {
    if (c == '\n' || c == '\t') {
      shown += ' ';
    } else {
      shown += is_control(c) || reorders(c) ? replacement : c;
    }
  }
  return shown;
}

}  // namespace forgelink::gtk
