// SPDX-License-Identifier: MIT
// One line of a ListPage. Used again for other lines as the list scrolls. Main thread only.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/label.h>

#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class LineRow : public Gtk::Box {
 public:
  explicit LineRow(std::function<void(const Line&)> on_open);

  void bind(const Line& line);

 private:
  // On as many lines as it takes; else what is too long is cut.
  void show_whole(bool whole);

  std::function<void(const Line&)> on_open_;
  Line line_;
  Gtk::Label title_, subtitle_, note_;
  bool has_action_ = false;
};

}  // namespace forgelink::gtk
