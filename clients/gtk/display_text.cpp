// SPDX-License-Identifier: MIT
#include "clients/gtk/display_text.hpp"

#include "base/text.hpp"

namespace forgelink::gtk {
namespace {

constexpr gunichar replacement = 0xfffd;

}  // namespace

Glib::ustring display_text(const std::string& text) {
  const Glib::ustring whole = Glib::ustring(text).make_valid();
  Glib::ustring shown;
  for (const gunichar c : whole) {
    if (c == '\n' || c == '\t') {
      shown += ' ';
    } else {
      shown += is_unsafe_code_point(c) ? replacement : c;
    }
  }
  return shown;
}

}  // namespace forgelink::gtk
