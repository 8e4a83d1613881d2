// SPDX-License-Identifier: MIT
#include "clients/gtk/item_filter.hpp"

#include <gtk/gtk.h>

namespace forgelink::gtk {

using Keep = std::function<bool(Glib::ObjectBase&)>;

Glib::RefPtr<Gtk::Filter> make_item_filter(Keep keep) {
  GtkCustomFilter* filter = gtk_custom_filter_new(
      [](gpointer item, gpointer data) -> gboolean {
        Glib::ObjectBase* wrapper = Glib::ObjectBase::_get_current_wrapper(G_OBJECT(item));
        return wrapper == nullptr || (*static_cast<Keep*>(data))(*wrapper);
      },
      new Keep(std::move(keep)), [](gpointer data) { delete static_cast<Keep*>(data); });
  return Glib::wrap(GTK_FILTER(filter));
}

void filter_again(Gtk::Filter& filter) { gtk_filter_changed(filter.gobj(), GTK_FILTER_CHANGE_DIFFERENT); }

}  // namespace forgelink::gtk
