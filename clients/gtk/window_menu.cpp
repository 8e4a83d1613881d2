// SPDX-License-Identifier: MIT
#include "clients/gtk/window_menu.hpp"

#include <gtkmm/separator.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

WindowMenu::WindowMenu(Context& context) : context_(context) {
  set_icon_name("open-menu-symbolic");
  set_tooltip_text(_("Menu"));
  set_accessible_label(*this, _("Menu"));
  set_accessible_role(items_, Gtk::Accessible::Role::MENU);
  set_accessible_label(items_, _("Menu"));
  popover_.add_css_class("menu");
  popover_.set_child(items_);
  set_popover(popover_);
  context_.can.signal_changed().connect(sigc::mem_fun(*this, &WindowMenu::fill));
  context_.lock.signal_changed().connect(sigc::mem_fun(*this, &WindowMenu::fill));
  fill();
}

WindowMenu::~WindowMenu() { unset_popover(); }

void WindowMenu::fill() {
  while (Gtk::Widget* child = items_.get_first_child()) items_.remove(*child);
  const Capabilities& can = context_.can;
  if (can.has("rule.list")) add_item(_("Rules"), "app.rules");
  if (can.has("access.list")) add_item(_("Access log"), "app.access-log");
  if (can.has("access.grants")) add_item(_("Allowed programs"), "app.grants");
  if (can.has("oauth_app.list")) add_item(_("Sign-in apps"), "app.oauth-apps");
  if (can.has("daemon.status")) add_item(_("Status"), "app.status");
  add_item(_("Findings"), "app.doctor");
  add_line();
  if (can.has("daemon.lock") && !context_.lock.is_locked()) add_item(_("Lock all tokens"), "app.lock");
  if (can.has("daemon.unlock") && context_.lock.is_locked()) add_item(_("Unlock the tokens"), "app.unlock");
  add_line();
  add_item(_("Keyboard shortcuts"), "app.shortcuts", "Ctrl+?");
  add_item(_("About Forgelink"), "app.about");
  add_item(_("Quit"), "app.quit", "Ctrl+Q");
}

void WindowMenu::add_item(const Glib::ustring& label, const char* action, const Glib::ustring& keys) {
  auto* button = Gtk::make_managed<Gtk::Button>();
  auto* content = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 24);
  auto* text = Gtk::make_managed<Gtk::Label>(label);
  text->set_xalign(0);
  text->set_hexpand(true);
  content->append(*text);
  if (!keys.empty()) {
    auto* shortcut = Gtk::make_managed<Gtk::Label>(keys);
    shortcut->add_css_class("body");
    shortcut->add_css_class("dim-label");
    content->append(*shortcut);
  }
  button->set_child(*content);
  button->add_css_class("flat");
  text->add_css_class("body");
  set_accessible_role(*button, Gtk::Accessible::Role::MENU_ITEM);
  set_accessible_label(*button, label);
  // The menu closes first: the action may show a page or a window that wants the focus.
  button->signal_clicked().connect([this, action] {
    popover_.popdown();
    activate_action(action);
  });
  items_.append(*button);
}

void WindowMenu::add_line() {
  if (items_.get_last_child() != nullptr) items_.append(*Gtk::make_managed<Gtk::Separator>());
}

}  // namespace forgelink::gtk
