// SPDX-License-Identifier: MIT
#include "clients/gtk/context.hpp"

#include <gtk/gtk.h>

namespace forgelink::gtk {

bool open_page(Gtk::Widget& from, const std::string& url) {
  // Addresses come from forges: nothing that would start another program than a browser.
  if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
  auto* root = dynamic_cast<Gtk::Window*>(from.get_root());
  GtkWindow* window = root != nullptr ? root->gobj() : nullptr;
#if GTK_CHECK_VERSION(4, 10, 0)
  GtkUriLauncher* launcher = gtk_uri_launcher_new(url.c_str());
  gtk_uri_launcher_launch(launcher, window, nullptr, nullptr, nullptr);
  g_object_unref(launcher);
#else
  gtk_show_uri(window, url.c_str(), GDK_CURRENT_TIME);
#endif
  return true;
}

}  // namespace forgelink::gtk
