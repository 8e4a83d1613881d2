// SPDX-License-Identifier: MIT
// The window's menu: pages that the running daemon has, and what every program has. Main thread only.
#pragma once

#include <giomm/menu.h>

#include "clients/gtk/capabilities.hpp"

namespace forgelink::gtk {

Glib::RefPtr<Gio::Menu> make_window_menu(const Capabilities& can);

}  // namespace forgelink::gtk
