// SPDX-License-Identifier: MIT
// The form that makes a connection or configures one again, drawn from `type.list`.
//
// What was typed stays until it is saved or the form is closed; a token leaves the entry with the one or the
// other. Main thread only; the context must outlive the form.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/label.h>
#include <gtkmm/scrolledwindow.h>
#include <gtkmm/spinner.h>
#include <gtkmm/switch.h>

#include "clients/gtk/call_scope.hpp"
#include "clients/gtk/choice.hpp"
#include "clients/gtk/context.hpp"
#include "clients/gtk/form_fields.hpp"
#include "clients/gtk/sign_in_request.hpp"
#include "clients/gtk/token_help.hpp"
#include "clients/gtk/type_chooser.hpp"
#include "ipc/protocol/connection_reply.hpp"
#include "ipc/protocol/sign_in_start.hpp"

namespace forgelink::gtk {

class ConnectionForm : public Gtk::Box {
 public:
  explicit ConnectionForm(Context& context);

  void begin_add();
  void begin_edit(const Connection& connection);
  // Wipes everything; answers that are still to come have no effect.
  void end();
  // On the name. REQUIRES: the form is in a window.
  void focus_first();

  // Saved without a sign-in: the connection, and whether it is new.
  sigc::signal<void(const Connection&, bool)>& signal_saved() { return saved_; }
  // A sign-in has begun; the form stays filled until it is over.
  sigc::signal<void(SignInRequest, const protocol::SignInStart::Reply&)>& signal_sign_in() {
    return sign_in_;
  }
  sigc::signal<void()>& signal_cancelled() { return cancelled_; }

  // The refusal of what the form asked for: beside its field, or at the top.
  void refuse(const Refusal& refusal);

 private:
  // connection_form.cpp: how it looks
  void build_head(Gtk::Box& body);
  void build_body(Gtk::Box& body);
  void build_bar();
  Gtk::Widget& make_switch_row(Gtk::Switch& control, const Glib::ustring& label);
  void draw_type();
  void draw_choice(const ConnectionType& type);
  void show_token_part();
  void on_typed();
  void on_types_changed();
  void on_removed(const Connection& connection);
  void scroll_to(const Gtk::Widget& widget);
  const ConnectionType* type() const;
  bool wants_sign_in() const;

  // connection_form_save.cpp: what it does
  void save();
  void send(bool accept_account_change);
  void send_add(json::object params, std::optional<SecretParameter> secret);
  void on_answer(const Answer<protocol::ConnectionReply>& answer);
  json::object params_of_add() const;
  json::object params_of_edit() const;
  void start_sign_in(bool accept_account_change);
  void on_saved(const protocol::ConnectionReply& reply);
  bool ask_about_account(const Refusal& refusal, std::function<void()> again);
  void show_refused();
  void wait(const Glib::ustring& what);
  void stop_waiting();
  void say(const Glib::ustring& sentence, const std::string& url);
  std::optional<SecretParameter> token() const;

  Context& context_;
  CallScope calls_;
  std::optional<Connection> edited_;  // nothing while one is made
  std::shared_ptr<bool> wanted_;      // while the connection that is made is wanted
  bool open_ = false;
  const FormField* refused_ = nullptr;  // only compared: the field may be gone

  Gtk::Label title_, message_, waiting_for_, type_label_, choice_label_;
  Gtk::Button help_page_, apps_page_, save_, cancel_;
  std::string help_url_;
  Gtk::Spinner spinner_;
  Gtk::Box waiting_row_{Gtk::Orientation::HORIZONTAL, 6};
  Gtk::Box type_box_{Gtk::Orientation::VERTICAL, 4}, general_box_{Gtk::Orientation::VERTICAL, 12},
      choice_box_{Gtk::Orientation::VERTICAL, 4}, token_part_{Gtk::Orientation::VERTICAL, 12},
      token_fields_box_{Gtk::Orientation::VERTICAL, 12};
  TypeChooser types_;
  FormFields fields_{general_box_, token_fields_box_};
  Choice choice_;
  Gtk::Label sign_in_note_;
  TokenHelp help_;
  Gtk::Switch session_, ask_, plain_http_;
  Gtk::Widget* ask_row_ = nullptr;
  Gtk::Widget* plain_http_row_ = nullptr;
  Gtk::ScrolledWindow scroller_;

  sigc::signal<void(const Connection&, bool)> saved_;
  sigc::signal<void(SignInRequest, const protocol::SignInStart::Reply&)> sign_in_;
  sigc::signal<void()> cancelled_;
};

}  // namespace forgelink::gtk
