// SPDX-License-Identifier: MIT
// A sign-in that waits for the person: in the browser, by a code on any device, or by a pasted address.
//
// The daemon is asked to wait, and answers when something has happened. Main thread only; the context must
// outlive the panel.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/label.h>
#include <gtkmm/scrolledwindow.h>
#include <gtkmm/spinner.h>

#include "clients/gtk/call_scope.hpp"
#include "clients/gtk/context.hpp"
#include "clients/gtk/qr_code.hpp"
#include "clients/gtk/secret_entry.hpp"
#include "clients/gtk/sign_in_request.hpp"
#include "ipc/protocol/sign_in_start.hpp"
#include "ipc/protocol/sign_in_state.hpp"

namespace forgelink::gtk {

class SignInPanel : public Gtk::Box {
 public:
  explicit SignInPanel(Context& context);

  // Shows a sign-in that the daemon has started: `started` is the reply of `sign_in.start`.
  void begin(SignInRequest request, const protocol::SignInStart::Reply& started);
  // Cancels what is pending and forgets codes and addresses.
  void end();
  // On the button that goes on: an address that has the focus would be marked, to be typed over.
  void focus_first() { open_.grab_focus(); }

  sigc::signal<void(const Connection&, bool)>& signal_completed() { return completed_; }
  // Back to the form, which shows the refusal if there is one.
  sigc::signal<void(const std::optional<Refusal>&)>& signal_ended() { return ended_; }

 private:
  void build();
  void set_up_texts();
  void set_up_buttons();
  void build_bar();
  void start(const char* method);
  void show_started(const protocol::SignInStart::Reply& started);
  void show_browser(const protocol::SignInStart::Reply& started);
  void show_device(const protocol::SignInStart::Reply& started);
  void wait();
  void on_state(const Answer<protocol::SignInState>& answer);
  void on_refused(const Refusal& refusal);
  void ask_about_account(const Refusal& refusal);
  void show_paste_box();
  void paste();
  void cancel_pending();
  void say(const Glib::ustring& sentence);
  const ConnectionType* type() const { return context_.types.find(request_.type); }

  Context& context_;
  CallScope calls_;
  SignInRequest request_;
  std::string sign_in_, method_, page_;

  Gtk::Label title_, text_, address_, code_, code_note_, message_, waiting_;
  QrCode qr_code_;
  Gtk::Button open_, device_, browser_, paste_, finish_, cancel_;
  Gtk::Box paste_box_{Gtk::Orientation::VERTICAL, 6};
  Gtk::ScrolledWindow scroller_;
  SecretEntry pasted_;  // the address holds the one-time code
  Gtk::Spinner spinner_;
  sigc::signal<void(const Connection&, bool)> completed_;
  sigc::signal<void(const std::optional<Refusal>&)> ended_;
};

}  // namespace forgelink::gtk
