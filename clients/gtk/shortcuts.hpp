// SPDX-License-Identifier: MIT
// The window that tells the keyboard shortcuts. Main thread only.
#pragma once

#include <gtkmm/window.h>

namespace forgelink::gtk {

void show_shortcuts(Gtk::Window& parent);

}  // namespace forgelink::gtk
