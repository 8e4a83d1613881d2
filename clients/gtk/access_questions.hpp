// SPDX-License-Identifier: MIT
// Asks the person whether a program may use a connection, when the daemon asks (`access.asked`).
//
// One question for each request, those from before the window too; it closes when somebody else has answered,
// also if that was while the daemon was out of reach.
// Main thread only; the context and the window must outlive it.
#pragma once

#include <gtkmm/window.h>

#include <map>

#include "clients/gtk/call_scope.hpp"
#include "clients/gtk/context.hpp"

namespace forgelink::gtk {

class AccessQuestions : public sigc::trackable {
 public:
  AccessQuestions(Context& context, Gtk::Window& window);

  // What could not be answered, as a sentence.
  sigc::signal<void(const Glib::ustring&)>& signal_toast() { return toast_; }

 private:
  // The `detail` of `access.asked`.
  struct Question {
    std::string request, connection;
    std::optional<std::string> program, directory, host, path;

    void fields(auto& f) {
      f.required("request", request, "");
      f.required("connection", connection, "");
      f.optional("program", program, "");
      f.optional("directory", directory, "");
      f.optional("host", host, "");
      f.optional("path", path, "");
    }
  };

  void on_event(const protocol::EventView& event);
  void ask_for_open();
  // Shows those and closes every other one. REQUIRES: these are all open questions.
  void show_open(const std::vector<json::object>& questions);
  void ask(const json::object& detail);
  void show(const Question& question);
  void withdraw(const std::string& request);
  void answer(const std::string& request, const std::string& decision);

  Context& context_;
  Gtk::Window& window_;
  CallScope calls_;
  std::map<std::string, Gtk::Window*> open_;  // by request; a question that was answered is not in it
  sigc::signal<void(const Glib::ustring&)> toast_;
};

}  // namespace forgelink::gtk
