// SPDX-License-Identifier: MIT
// What a screen reader is told about a widget.
//
// The C calls are used because gtkmm 4.8 and later disagree about the C++ ones. Main thread only.
#pragma once

#include <gtkmm/widget.h>

namespace forgelink::gtk {

void set_accessible_label(Gtk::Widget& widget, const Glib::ustring& text);
void set_accessible_description(Gtk::Widget& widget, const Glib::ustring& text);

// REQUIRES: the widget has not been shown yet; GTK fixes the role then.
void set_accessible_role(Gtk::Widget& widget, Gtk::Accessible::Role role);

void set_accessible_required(Gtk::Widget& widget, bool required);
void set_accessible_invalid(Gtk::Widget& widget, bool invalid);
void set_accessible_checked(Gtk::Widget& widget, bool checked);
void set_accessible_expanded(Gtk::Widget& widget, bool expanded);

// Speaks the text where GTK can (4.14); before that, a label with the role `alert` does it.
void announce(Gtk::Widget& widget, const Glib::ustring& text);

}  // namespace forgelink::gtk
