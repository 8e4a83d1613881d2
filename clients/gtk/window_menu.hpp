// SPDX-License-Identifier: MIT
// The window's menu: pages that the running daemon has, and what every program has.
//
// Made of buttons, since the items of GTK's own menu are not on the accessibility bus before GTK 4.10. Main
// thread only; the context must outlive the menu.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/menubutton.h>
#include <gtkmm/popover.h>

#include "clients/gtk/context.hpp"

namespace forgelink::gtk {

class WindowMenu : public Gtk::MenuButton {
 public:
  explicit WindowMenu(Context& context);
  ~WindowMenu() override;

 private:
  void fill();
  void add_item(const Glib::ustring& label, const char* action, const Glib::ustring& keys = "");
  void add_line();

  Context& context_;
  Gtk::Popover popover_;
  Gtk::Box items_{Gtk::Orientation::VERTICAL};
};

}  // namespace forgelink::gtk
