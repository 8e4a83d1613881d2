// SPDX-License-Identifier: MIT
#include "clients/gtk/lock_bar.hpp"

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

constexpr int bar_gap = 12;

}  // namespace

LockBar::LockBar(Context& context) : Gtk::Box(Gtk::Orientation::HORIZONTAL, bar_gap) {
  text_.set_text(_("Forgelink is locked: git and other programs get no token."));
  text_.set_xalign(0);
  text_.set_wrap(true);
  text_.set_hexpand(true);
  text_.set_margin(bar_gap);
  set_accessible_role(text_, Gtk::Accessible::Role::ALERT);
  unlock_.set_label(_("Unlock"));
  unlock_.set_valign(Gtk::Align::CENTER);
  unlock_.set_margin_end(bar_gap);
  unlock_.set_action_name("app.unlock");
  append(text_);
  append(unlock_);
  add_css_class("toolbar");
  set_visible(context.lock.is_locked());
  context.lock.signal_changed().connect([this, &context] { set_visible(context.lock.is_locked()); });
}

}  // namespace forgelink::gtk
