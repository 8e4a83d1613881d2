// SPDX-License-Identifier: MIT
// What `forgelink doctor` finds wrong, each with the command that fixes it, and a button that runs those of
// them that are safe. Main thread only.
#pragma once

#include "clients/gtk/child_program.hpp"
#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class DoctorPage : public ListPage {
 public:
  explicit DoctorPage(Context& context);

 private:
  void ask(const std::string& cursor) override;
  // Copies the command that fixes it, or the lines to add by hand.
  void open(const Line& line) override;
  void examine(bool fix);
  void allow_runs(bool allowed);
  void show(const std::optional<std::string>& output);
  void on_fix();

  ChildProgram program_;
  Gtk::Box buttons_{Gtk::Orientation::VERTICAL, 6};
  Gtk::Button again_, fix_;
  Glib::ustring safe_commands_;  // a line each
};

}  // namespace forgelink::gtk
