// SPDX-License-Identifier: MIT
// A small form above a list: a few fields and a button, folded away until it is wanted.
//
// A toggle button shows it: GTK's expander has no action on the accessibility bus before GTK 4.10. Main
// thread only.
#pragma once

#include <gtkmm/button.h>
#include <gtkmm/scrolledwindow.h>
#include <gtkmm/togglebutton.h>

#include "clients/gtk/daemon_client.hpp"
#include "clients/gtk/form_fields.hpp"

namespace forgelink::gtk {

class ToolForm : public Gtk::Box {
 public:
  ToolForm(const Glib::ustring& title, const std::vector<ConnectionType::Field>& fields,
           const Glib::ustring& button);

  // Puts a control of the page's own above the fields.
  void put_first(const Glib::ustring& label, Gtk::Widget& control);

  // What is filled in, by the names of the fields; without a secret.
  json::object values() const;
  std::optional<SecretParameter> secret() const;

  // Shows the refusal beside its field; false if it is about none.
  bool refuse(const Refusal& refusal) { return fields_.refuse(refusal) != nullptr; }
  void clear() { fields_.clear(); }
  FormField* field(std::string_view name) const { return fields_.find(name); }

  sigc::signal<void()>& signal_submitted() { return submitted_; }

 private:
  void submit();
  void on_unfolded();

  Gtk::ToggleButton unfold_;
  Gtk::Box body_{Gtk::Orientation::VERTICAL, 12}, entries_{Gtk::Orientation::VERTICAL, 12};
  FormFields fields_{entries_, entries_};
  Gtk::ScrolledWindow scroller_;
  Gtk::Button button_;
  sigc::signal<void()> submitted_;
};

}  // namespace forgelink::gtk
