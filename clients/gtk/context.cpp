// SPDX-License-Identifier: MIT
#include "clients/gtk/context.hpp"

#include <gtk/gtk.h>

namespace forgelink::gtk {

bool open_page(Gtk::Widget& from, const std::string& url) {
  // Addresses come from forges: nothing that would start another program than a browser.
  if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
  auto* window = dynamic_cast<Gtk::Window*>(from.get_root());
  gtk_show_uri(window != nullptr ? window->gobj() : nullptr, url.c_str(), GDK_CURRENT_TIME);
  return true;
}

}  // namespace forgelink::gtk
