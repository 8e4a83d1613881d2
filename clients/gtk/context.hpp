// SPDX-License-Identifier: MIT
// What every page of the window works with. Owned by the Application; outlives all widgets.
#pragma once

#include <gtkmm/window.h>

#include "clients/gtk/capabilities.hpp"
#include "clients/gtk/connection_model.hpp"
#include "clients/gtk/daemon_link.hpp"
#include "clients/gtk/lock_state.hpp"
#include "clients/gtk/type_catalogue.hpp"

namespace forgelink::gtk {

struct Context {
  DaemonLink link;
  TypeCatalogue types;
  Capabilities can;
  ConnectionModel connections{link.client()};
  LockState lock{connections};
  // What new connections do with their token: keep or session.
  std::string default_retention = "keep";

  DaemonClient& client() { return link.client(); }
};

// Opens the page in the person's browser; only https and, on this machine, http. False if it is something
// else.
bool open_page(Gtk::Widget& from, const std::string& url);

}  // namespace forgelink::gtk
