// SPDX-License-Identifier: MIT
#include "clients/gtk/shortcuts.hpp"

#include <glibmm/markup.h>
#include <gtkmm/builder.h>
#include <gtkmm/shortcutswindow.h>

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

Glib::ustring shortcut(const char* keys, const Glib::ustring& title) {
  return Glib::ustring::compose(
      "<child><object class=\"GtkShortcutsShortcut\"><property name=\"accelerator\">%1</property>"
      "<property name=\"title\">%2</property></object></child>",
      keys, Glib::Markup::escape_text(title));
}

}  // namespace

void show_shortcuts(Gtk::Window& parent) {
  // GtkShortcutsWindow can only be filled by a GtkBuilder in GTK before 4.14.
  const Glib::ustring ui =
      "<interface><object class=\"GtkShortcutsWindow\" id=\"window\"><property name=\"modal\">1</property>"
      "<child><object class=\"GtkShortcutsSection\"><child><object class=\"GtkShortcutsGroup\">" +
      shortcut("&lt;Control&gt;n", _("Add connection")) + shortcut("&lt;Control&gt;f", _("Search")) +
      shortcut("Return", _("Open the marked line")) + shortcut("&lt;Alt&gt;Left", _("Back")) +
      shortcut("&lt;Control&gt;question", _("Keyboard shortcuts")) + shortcut("&lt;Control&gt;q", _("Quit")) +
      "</object></child></object></child></object></interface>";
  const auto builder = Gtk::Builder::create_from_string(ui);
  auto* window = builder->get_widget<Gtk::ShortcutsWindow>("window");
  window->set_transient_for(parent);
  window->signal_close_request().connect(
      [window] {
        delete window;
        return true;
      },
      false);
  window->present();
}

}  // namespace forgelink::gtk
