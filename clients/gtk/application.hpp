// SPDX-License-Identifier: MIT
// The program: one per session, started by the desktop or over D-Bus, with one window.
//
// Owns the context and the window. Other programs reach it by org.freedesktop.Application (Desktop Entry
// Specification, "D-Bus Activation"); the daemon's notices activate `open-connection` with a connection's id.
#pragma once

#include <gtkmm/application.h>

#include "clients/gtk/context.hpp"
#include "clients/gtk/main_window.hpp"

namespace forgelink::gtk {

class Application : public Gtk::Application {
 public:
  static constexpr const char* id = "org.forgelink.Forgelink";

  static Glib::RefPtr<Application> create();

 private:
  Application();

  void on_startup() override;
  void on_activate() override;
  void add_actions();
  void add_page_actions();
  // Asks the daemon for something that only says whether it was done.
  void tell_daemon(std::string_view method, const Glib::ustring& done);
  void on_link_changed();
  void ask_for_status();
  void compare_versions(const std::string& daemon);
  MainWindow& window();

  std::string told_version_;  // of a daemon that is not of our version
  std::unique_ptr<Context> context_;
  std::unique_ptr<MainWindow> window_;  // destroyed before the context
};

}  // namespace forgelink::gtk
