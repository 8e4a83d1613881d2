// SPDX-License-Identifier: MIT
#include "clients/gtk/accessible.hpp"

#include <gtk/gtk.h>

namespace forgelink::gtk {
namespace {

GtkAccessible* accessible(Gtk::Widget& widget) { return GTK_ACCESSIBLE(widget.gobj()); }

}  // namespace

void set_accessible_label(Gtk::Widget& widget, const Glib::ustring& text) {
  gtk_accessible_update_property(accessible(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text.c_str(), -1);
}

void set_accessible_description(Gtk::Widget& widget, const Glib::ustring& text) {
  gtk_accessible_update_property(accessible(widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text.c_str(), -1);
}

void set_accessible_role(Gtk::Widget& widget, Gtk::Accessible::Role role) {
  g_object_set(widget.gobj(), "accessible-role", static_cast<GtkAccessibleRole>(role), nullptr);
}

void set_accessible_required(Gtk::Widget& widget, bool required) {
  gtk_accessible_update_property(accessible(widget), GTK_ACCESSIBLE_PROPERTY_REQUIRED, gboolean{required},
                                 -1);
}

void set_accessible_invalid(Gtk::Widget& widget, bool invalid) {
  gtk_accessible_update_state(accessible(widget), GTK_ACCESSIBLE_STATE_INVALID,
                              invalid ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

void set_accessible_checked(Gtk::Widget& widget, bool checked) {
  gtk_accessible_update_state(accessible(widget), GTK_ACCESSIBLE_STATE_CHECKED,
                              checked ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
}

void set_accessible_expanded(Gtk::Widget& widget, bool expanded) {
  gtk_accessible_update_state(accessible(widget), GTK_ACCESSIBLE_STATE_EXPANDED, gboolean{expanded}, -1);
}

void announce([[maybe_unused]] Gtk::Widget& widget, [[maybe_unused]] const Glib::ustring& text) {
#if GTK_CHECK_VERSION(4, 14, 0)
  gtk_accessible_announce(accessible(widget), text.c_str(), GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
#endif
}

}  // namespace forgelink::gtk
