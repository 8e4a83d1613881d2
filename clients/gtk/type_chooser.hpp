// SPDX-License-Identifier: MIT
// The choice of a connection's type: a button that shows the type and opens the list of them.
//
// Made of buttons, since GTK's drop-down offers nothing on the accessibility bus before GTK 4.10. Up and Down
// on the button choose the next type, as in a combo box. Main thread only.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/label.h>
#include <gtkmm/popover.h>

#include "clients/gtk/type_catalogue.hpp"

namespace forgelink::gtk {

class TypeChooser : public Gtk::Button {
 public:
  TypeChooser();
  ~TypeChooser() override;

  // The chosen type stays chosen if it is among them; else the first is.
  void set_types(const std::vector<ConnectionType>& types);

  // The id of the chosen type; empty if there are none.
  const std::string& chosen() const { return chosen_; }
  void choose(const std::string& id);

  sigc::signal<void()>& signal_changed() { return changed_; }

 private:
  void add_option(const ConnectionType& type);
  bool on_key(guint key);
  void open();

  struct Option {
    std::string id, label;
    Gtk::Button* button;
  };

  Gtk::Label label_;
  Gtk::Popover popover_;
  Gtk::Box options_box_{Gtk::Orientation::VERTICAL};
  std::vector<Option> options_;
  std::string chosen_;
  sigc::signal<void()> changed_;
};

}  // namespace forgelink::gtk
