// SPDX-License-Identifier: MIT
// One connection in the list: name, what and whose it is, and the state of its token in a word and a symbol.
//
// Made by the list's factory and used again for other items as the list scrolls: `bind` and `unbind`
// alternate. Main thread only; the context must outlive the row.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/image.h>
#include <gtkmm/label.h>

#include "clients/gtk/connection_item.hpp"
#include "clients/gtk/context.hpp"

namespace forgelink::gtk {

class ConnectionRow : public Gtk::Box {
 public:
  // `on_open` gets the id of the connection when the row's own action is activated.
  ConnectionRow(Context& context, std::function<void(const std::string&)> on_open);

  void bind(const Glib::RefPtr<ConnectionItem>& item);
  void unbind();

 private:
  void show();
  void set_up_list_item();
  Glib::ustring account_line(const Connection& connection) const;
  static Glib::ustring use_line(const Connection& connection);
  static Glib::ustring expiry_line(const Connection& connection);

  Context& context_;
  std::function<void(const std::string&)> on_open_;
  Glib::RefPtr<ConnectionItem> item_;
  sigc::connection changed_;
  Gtk::Label name_, account_, use_, state_, expiry_;
  Gtk::Image symbol_;
  std::string style_;
  bool has_action_ = false;
};

}  // namespace forgelink::gtk
