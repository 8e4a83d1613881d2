// SPDX-License-Identifier: MIT
// One connection: all that is known about it, and what can be done with it. Follows its events.
//
// Main thread only; the context must outlive the page.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/grid.h>
#include <gtkmm/label.h>
#include <gtkmm/spinner.h>

#include "clients/gtk/call_scope.hpp"
#include "clients/gtk/context.hpp"
#include "ipc/protocol/connection_remove.hpp"

namespace forgelink::gtk {

class ConnectionDetails : public Gtk::Box {
 public:
  explicit ConnectionDetails(Context& context);

  // Nothing happens if there is no such connection.
  void begin(const std::string& id);
  void end();
  void focus_first() { edit_button_->grab_focus(); }

  sigc::signal<void(const Connection&)>& signal_edit() { return edit_; }
  sigc::signal<void(const Connection&)>& signal_repositories() { return repositories_; }
  sigc::signal<void()>& signal_closed() { return closed_; }
  sigc::signal<void(const Glib::ustring&)>& signal_toast() { return toast_; }

 private:
  void build();
  void build_head(Gtk::Box& body);
  void build_actions(Gtk::Box& body);
  Gtk::Button& add_button(Gtk::Box& to, const Glib::ustring& label, void (ConnectionDetails::*clicked)());
  void show();
  void show_facts(const Connection& connection);
  void show_notes(const Connection& connection);
  void add_fact(const Glib::ustring& name, const Glib::ustring& value);

  void on_edit();
  void on_repositories();
  void on_verify();
  void on_purge();
  void on_renew();
  void on_revoke();
  void on_remove();
  void remove_now(bool revoke, bool force);
  void on_removed_reply(const protocol::ConnectionRemove::Reply& reply, const Connection& connection);
  // A call about this connection; `done` runs if it was granted.
  template <class Method>
  void ask_daemon(typename Method::Params params, const Glib::ustring& waiting,
                  std::function<void(const typename Method::Reply&)> done) {
    begin_waiting(waiting);
    params.connection = item_->connection().id;
    calls_.ask<Method>(std::move(params),
                       [this, done = std::move(done)](const Answer<typename Method::Reply>& answer) {
                         if (end_waiting(std::get_if<Refusal>(&answer)))
                           done(std::get<typename Method::Reply>(answer));
                       });
  }
  void begin_waiting(const Glib::ustring& for_what);
  // True if nothing was refused; else says what was.
  bool end_waiting(const Refusal* refusal);
  void question(const Glib::ustring& heading, const Glib::ustring& text, const Glib::ustring& yes,
                std::function<void()> then);
  void set_waiting(bool waiting);
  void say(const Glib::ustring& sentence, bool is_error);

  Context& context_;
  CallScope calls_;
  Glib::RefPtr<ConnectionItem> item_;
  sigc::connection changed_;

  Gtk::Label title_, message_;
  Gtk::Spinner spinner_;
  Gtk::Grid facts_;
  Gtk::Box notes_{Gtk::Orientation::VERTICAL, 6};
  Gtk::Button* edit_button_ = nullptr;
  Gtk::Button* purge_ = nullptr;
  Gtk::Button* renew_ = nullptr;
  Gtk::Button* revoke_ = nullptr;
  int fact_count_ = 0;
  sigc::signal<void(const Connection&)> edit_, repositories_;
  sigc::signal<void()> closed_;
  sigc::signal<void(const Glib::ustring&)> toast_;
};

}  // namespace forgelink::gtk
