// SPDX-License-Identifier: MIT
// A choice of one from a few, as buttons side by side or below each other.
//
// Toggle buttons with the role `radio button`: GTK's own radio (CheckButton) has no action on the
// accessibility bus before GTK 4.10. Main thread only.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/togglebutton.h>

#include <vector>

namespace forgelink::gtk {

class Choice : public Gtk::Box {
 public:
  explicit Choice(const Glib::ustring& accessible_label);

  // Replaces the options; the first one is chosen.
  void set_options(const std::vector<std::pair<std::string, Glib::ustring>>& options);

  const std::string& chosen() const { return chosen_; }
  void choose(const std::string& id);
  void set_option_label(const std::string& id, const Glib::ustring& label);

  sigc::signal<void()>& signal_changed() { return changed_; }

 private:
  void on_toggled(const std::string& id, Gtk::ToggleButton& button);

  std::vector<std::pair<std::string, Gtk::ToggleButton*>> buttons_;
  std::string chosen_;
  sigc::signal<void()> changed_;
};

}  // namespace forgelink::gtk
