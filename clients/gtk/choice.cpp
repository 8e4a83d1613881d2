// SPDX-License-Identifier: MIT
#include "clients/gtk/choice.hpp"

#include <utility>

#include "clients/gtk/accessible.hpp"

namespace forgelink::gtk {

Choice::Choice(const Glib::ustring& accessible_label) : Gtk::Box(Gtk::Orientation::VERTICAL) {
  add_css_class("linked");
  set_accessible_role(*this, Gtk::Accessible::Role::RADIO_GROUP);
  set_accessible_label(*this, accessible_label);
}

void Choice::set_options(const std::vector<std::pair<std::string, Glib::ustring>>& options) {
  for (const auto& [id, button] : std::exchange(buttons_, {})) remove(*button);
  chosen_ = options.empty() ? "" : options.front().first;
  for (const auto& [id, label] : options) {
    auto* button = Gtk::make_managed<Gtk::ToggleButton>(label);
    set_accessible_role(*button, Gtk::Accessible::Role::RADIO);
    set_accessible_label(*button, label);
    if (!buttons_.empty()) button->set_group(*buttons_.front().second);
    button->set_active(id == chosen_);
    set_accessible_checked(*button, id == chosen_);
    button->signal_toggled().connect([this, name = id, button] { on_toggled(name, *button); });
    append(*button);
    buttons_.emplace_back(id, button);
  }
}

void Choice::on_toggled(const std::string& id, Gtk::ToggleButton& button) {
  set_accessible_checked(button, button.get_active());
  if (!button.get_active() || id == chosen_) return;
  chosen_ = id;
  changed_.emit();
}

void Choice::choose(const std::string& id) {
  for (const auto& [name, button] : buttons_) {
    if (name == id) button->set_active(true);
  }
}

void Choice::set_option_label(const std::string& id, const Glib::ustring& label) {
  for (const auto& [name, button] : buttons_) {
    if (name != id) continue;
    button->set_label(label);
    set_accessible_label(*button, label);
  }
}

}  // namespace forgelink::gtk
