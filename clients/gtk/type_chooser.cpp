// SPDX-License-Identifier: MIT
#include "clients/gtk/type_chooser.hpp"

#include <gdk/gdkkeysyms.h>
#include <gtkmm/eventcontrollerkey.h>
#include <gtkmm/image.h>

#include <algorithm>
#include <utility>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

TypeChooser::TypeChooser() {
  set_accessible_role(*this, Gtk::Accessible::Role::COMBO_BOX);
  set_accessible_label(*this, _("Connection type"));
  auto* content = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 6);
  label_.set_xalign(0);
  label_.set_hexpand(true);
  label_.set_ellipsize(Pango::EllipsizeMode::END);
  content->append(label_);
  auto* arrow = Gtk::make_managed<Gtk::Image>();
  arrow->set_from_icon_name("pan-down-symbolic");
  content->append(*arrow);
  set_child(*content);

  options_box_.add_css_class("menu");
  set_accessible_role(options_box_, Gtk::Accessible::Role::LIST_BOX);
  set_accessible_label(options_box_, _("Types"));
  popover_.set_child(options_box_);
  popover_.set_parent(*this);
  popover_.set_autohide(true);
  popover_.signal_show().connect([this] { set_accessible_expanded(*this, true); });
  popover_.signal_closed().connect([this] { set_accessible_expanded(*this, false); });
  signal_clicked().connect(sigc::mem_fun(*this, &TypeChooser::open));
  auto keys = Gtk::EventControllerKey::create();
  keys->signal_key_pressed().connect([this](guint key, guint, Gdk::ModifierType) { return on_key(key); },
                                     false);
  add_controller(keys);
}

TypeChooser::~TypeChooser() { popover_.unparent(); }

void TypeChooser::set_types(const std::vector<ConnectionType>& types) {
  for (const Option& option : std::exchange(options_, {})) options_box_.remove(*option.button);
  for (const ConnectionType& type : types) add_option(type);
  const auto is_chosen = [this](const Option& option) { return option.id == chosen_; };
  if (std::any_of(options_.begin(), options_.end(), is_chosen)) return;
  chosen_.clear();
  if (!options_.empty()) choose(options_.front().id);
}

void TypeChooser::add_option(const ConnectionType& type) {
  auto* button = Gtk::make_managed<Gtk::Button>();
  auto* label = Gtk::make_managed<Gtk::Label>(type.label);
  label->set_xalign(0);
  label->add_css_class("body");
  button->set_child(*label);
  button->add_css_class("flat");
  set_accessible_role(*button, Gtk::Accessible::Role::OPTION);
  set_accessible_label(*button, type.label);
  button->signal_clicked().connect([this, id = type.id] {
    popover_.popdown();
    choose(id);
  });
  options_box_.append(*button);
  options_.push_back({type.id, type.label, button});
}

void TypeChooser::choose(const std::string& id) {
  for (const Option& option : options_) {
    if (option.id != id || id == chosen_) continue;
    chosen_ = id;
    label_.set_text(option.label);
    set_accessible_description(*this, option.label);
    changed_.emit();
    return;
  }
}

void TypeChooser::open() {
  popover_.set_size_request(get_width(), -1);
  popover_.popup();
  for (const Option& option : options_) {
    if (option.id == chosen_) option.button->grab_focus();
  }
}

bool TypeChooser::on_key(guint key) {
  if (popover_.is_visible() || (key != GDK_KEY_Up && key != GDK_KEY_Down)) return false;
  for (std::size_t at = 0; at < options_.size(); ++at) {
    if (options_[at].id != chosen_) continue;
    const std::size_t next = key == GDK_KEY_Down ? at + 1 : at - 1;
    if (next < options_.size()) choose(options_[next].id);
    break;
  }
  return true;
}

}  // namespace forgelink::gtk
