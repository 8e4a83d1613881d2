// SPDX-License-Identifier: MIT
// Says across the window that the daemon is locked, and unlocks it. Hidden while it is not. Main thread only;
// the context must outlive it.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/label.h>

#include "clients/gtk/context.hpp"

namespace forgelink::gtk {

class LockBar : public Gtk::Box {
 public:
  explicit LockBar(Context& context);

 private:
  Gtk::Label text_;
  Gtk::Button unlock_;
};

}  // namespace forgelink::gtk
