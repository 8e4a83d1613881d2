// SPDX-License-Identifier: MIT
// The window: the list of connections, a panel at its side for one of them, and pages that take the list's
// place.
//
// Main thread only; the context must outlive the window.
#pragma once

#include <gtkmm/applicationwindow.h>
#include <gtkmm/headerbar.h>
#include <gtkmm/label.h>
#include <gtkmm/togglebutton.h>

#include "clients/gtk/access_questions.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/connection_details.hpp"
#include "clients/gtk/connection_form.hpp"
#include "clients/gtk/connection_list.hpp"
#include "clients/gtk/list_page.hpp"
#include "clients/gtk/lock_bar.hpp"
#include "clients/gtk/sign_in_panel.hpp"
#include "clients/gtk/window_menu.hpp"

namespace forgelink::gtk {

class MainWindow : public Gtk::ApplicationWindow {
 public:
  explicit MainWindow(Context& context);

  void add_connection();
  // Opens the connection with that id, now or as soon as it is known.
  void open_connection(const std::string& id);
  void show_toast(const Glib::ustring& text) { toasts_.show(text); }
  // Takes the list's place until the person goes back.
  void show_page(std::shared_ptr<ListPage> page);
  void go_back();
  void toggle_search();

 private:
  void build_header();
  void show_title();
  void connect_parts();
  // The panels, each made when it is first wanted: the list does not wait for them.
  ConnectionForm& form();
  ConnectionDetails& details();
  SignInPanel& sign_in();
  template <class Part>
  void show_panel(Part& part);
  void close_panel();
  void on_saved(const Connection& connection, bool is_new);
  void on_sign_in_ended(const std::optional<Refusal>& refusal);
  void on_removed(const Connection& connection);
  void on_known();

  Context& context_;
  ConnectionList list_;
  std::unique_ptr<ConnectionForm> form_;
  std::unique_ptr<ConnectionDetails> details_;
  std::unique_ptr<SignInPanel> sign_in_;
  std::vector<std::shared_ptr<ListPage>> open_pages_;
  Pages pages_, panel_parts_;  // after what they show
  LockBar lock_bar_;
  Gtk::Box body_{Gtk::Orientation::VERTICAL};
  adwaita::SidePanel panel_;
  adwaita::Toasts toasts_;
  AccessQuestions questions_;
  Gtk::HeaderBar header_;
  Gtk::Label title_;
  Gtk::Button add_, back_;
  Gtk::ToggleButton search_;
  WindowMenu menu_;
  std::string awaited_;  // id of a connection to open once it is known
  std::string shown_;    // id of the connection whose details are shown
};

}  // namespace forgelink::gtk
