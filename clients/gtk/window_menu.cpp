// SPDX-License-Identifier: MIT
#include "clients/gtk/window_menu.hpp"

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

Glib::RefPtr<Gio::Menu> make_window_menu(const Capabilities& can) {
  auto pages = Gio::Menu::create();
  if (can.has("rule.list")) pages->append(_("Rules"), "app.rules");
  if (can.has("access.list")) pages->append(_("Access log"), "app.access-log");
  if (can.has("access.grants")) pages->append(_("Allowed programs"), "app.grants");
  if (can.has("oauth_app.list")) pages->append(_("Sign-in apps"), "app.oauth-apps");
  if (can.has("daemon.status")) pages->append(_("Status"), "app.status");
  auto lock = Gio::Menu::create();
  if (can.has("daemon.lock")) lock->append(_("Lock all tokens"), "app.lock");
  if (can.has("daemon.unlock")) lock->append(_("Unlock the tokens"), "app.unlock");
  auto general = Gio::Menu::create();
  general->append(_("Keyboard shortcuts"), "app.shortcuts");
  general->append(_("About Forgelink"), "app.about");
  general->append(_("Quit"), "app.quit");
  auto menu = Gio::Menu::create();
  menu->append_section(pages);
  menu->append_section(lock);
  menu->append_section(general);
  return menu;
}

}  // namespace forgelink::gtk
