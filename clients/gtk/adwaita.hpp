// SPDX-License-Identifier: MIT
// libadwaita for gtkmm: it has no C++ binding, so its C calls are in this pair of files and nowhere else.
//
// Only what version 1.2 has. Main thread only. Returned widgets belong to the container they are added to, as
// with Gtk::make_managed.
#pragma once

#include <gtkmm/application.h>
#include <gtkmm/widget.h>
#include <gtkmm/window.h>

#include <functional>
#include <vector>

namespace forgelink::gtk::adwaita {

// Style sheet and colour scheme. REQUIRES: the application's `startup` has run.
void set_up();

// Content with a panel at its end: beside it where there is room, else over it.
class SidePanel {
 public:
  SidePanel(Gtk::Widget& content, Gtk::Widget& panel);

  Gtk::Widget& widget() { return *widget_; }
  void show(bool shown);
  bool is_shown() const;

  // Called once the panel has gone from sight.
  std::function<void()> on_hidden;

 private:
  Gtk::Widget* widget_;
};

// Short messages over the content, one at a time: a new one replaces the old.
class Toasts {
 public:
  explicit Toasts(Gtk::Widget& content);

  Gtk::Widget& widget() { return *widget_; }
  void show(const Glib::ustring& text);
  // Takes back what is shown, if anything is.
  void dismiss();

 private:
  Gtk::Widget* widget_;
  void* current_ = nullptr;  // the toast; a weak pointer that GObject clears
};

// A large icon, a title and a sentence, for a page that has nothing else to show. `below` may be null.
Gtk::Widget& make_status_page(const char* icon, const Glib::ustring& title, const Glib::ustring& text,
                              Gtk::Widget* below);
void set_status_page(Gtk::Widget& page, const Glib::ustring& title, const Glib::ustring& text);

// Keeps its content no wider than `width` pixels, in the middle.
Gtk::Widget& make_clamp(Gtk::Widget& content, int width);

// Shows its content where there is room for all of it, else nothing.
Gtk::Widget& make_squeezer(Gtk::Widget& content);

struct Response {
  const char* id;
  Glib::ustring label;
  bool suggested = false, destructive = false;
};

// A modal question. `on_answer` gets the id of the response; closing the question gives the first one, as
// Escape does. `extra` (may be null) is shown below the text. The question destroys itself with its answer.
// REQUIRES: `parent` outlives the question, or is destroyed with it.
Gtk::Window& ask(Gtk::Window& parent, const Glib::ustring& heading, const Glib::ustring& text,
                 const std::vector<Response>& responses, Gtk::Widget* extra,
                 std::function<void(const std::string&)> on_answer);

// Closes a question that nobody needs to answer any more. REQUIRES: it has had no answer.
void dismiss(Gtk::Window& question);

void show_about(Gtk::Window& parent, const char* application_id, const char* version);

}  // namespace forgelink::gtk::adwaita
