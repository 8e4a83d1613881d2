// SPDX-License-Identifier: MIT
// What a person needs to know to make a token: the forge's page for it, the scopes with their reasons, and
// what the forge has changed or will change. Main thread only.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/expander.h>

#include "clients/gtk/type_catalogue.hpp"

namespace forgelink::gtk {

class TokenHelp : public Gtk::Box {
 public:
  TokenHelp();

  void show_type(const ConnectionType& type);

  // What the page's address holds in place of {server_url} and {organization}.
  void set_place(const std::string& server_url, const std::string& organization);

 private:
  void open();
  static void empty(Gtk::Box& box);

  std::string page_, server_url_, organization_;
  Gtk::Button make_;
  Gtk::Expander scopes_, notices_;
  Gtk::Box scope_lines_{Gtk::Orientation::VERTICAL, 6}, notice_lines_{Gtk::Orientation::VERTICAL, 6};
};

// A wrapped line of small text.
Gtk::Widget& make_note(const Glib::ustring& text);
// A flat button that opens a page in the browser.
Gtk::Widget& make_page_button(const Glib::ustring& label, const std::string& url);

}  // namespace forgelink::gtk
