// SPDX-License-Identifier: MIT
// Translation of the window's texts by gettext, domain `forgelink-gtk`.
//
// `_("text")` marks and translates; the catalogues are in po/. Set up once in main(), before threads start.
#pragma once

#include <glibmm/ustring.h>

namespace forgelink::gtk {

// Selects the locale and finds the catalogues beside the program (PREFIX/share/locale).
void set_up_translations();

Glib::ustring translate(const char* text);

// The form of `one` or `many` that the language wants for `count`; "%1" in it is the count.
Glib::ustring translate_count(const char* one, const char* many, std::int64_t count);

}  // namespace forgelink::gtk

// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that xgettext and every translator knows.
#define _(text) ::forgelink::gtk::translate(text)
