// SPDX-License-Identifier: MIT
// A page with a list of lines that the daemon gives page by page: repositories, commits, rules, log entries.
//
// A subclass asks for a page of them; this class shows them, filters them, asks for more at the end of the
// list, and says what it waits for, what was refused, and that there is nothing. Main thread only.
#pragma once

#include <giomm/liststore.h>
#include <glibmm/object.h>
#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/filterlistmodel.h>
#include <gtkmm/label.h>
#include <gtkmm/listview.h>
#include <gtkmm/scrolledwindow.h>
#include <gtkmm/searchbar.h>
#include <gtkmm/searchentry.h>
#include <gtkmm/spinner.h>

#include <set>

#include "clients/gtk/call_scope.hpp"
#include "clients/gtk/context.hpp"
#include "clients/gtk/pages.hpp"
#include "ipc/protocol/event_kind.hpp"

namespace forgelink::gtk {

// One line of the list. Its texts may be a forge's or a program's: they are shown as display_text() gives
// them.
struct Line {
  std::string id, url;
  std::string title, subtitle, note;  // the note stands at the end of the line
  // Shown whole, on several lines, with the line breaks of the subtitle; else what is too long is cut.
  bool wraps = false;
};

class LineItem : public Glib::Object {
 public:
  static Glib::RefPtr<LineItem> create(Line line);
  const Line& line() const { return line_; }
  // REQUIRES: `folded` is case-folded.
  bool matches(const std::string& folded) const;

 private:
  explicit LineItem(Line line);
  Line line_;
};

class ListPage : public Gtk::Box {
 public:
  ListPage(Context& context, Glib::ustring title, const Glib::ustring& nothing_title,
           const Glib::ustring& nothing_text);
  ~ListPage() override = default;

  const Glib::ustring& title() const { return title_; }
  Gtk::SearchBar& search_bar() { return search_bar_; }
  // Asks for everything again, from the start. What is shown stays until the answer.
  void reload();
  void focus_list();

  sigc::signal<void(const Glib::ustring&)>& signal_toast() { return toast_; }
  // Another page is to be shown on top of this one.
  sigc::signal<void(std::shared_ptr<ListPage>)>& signal_page() { return page_; }

 protected:
  // Asks the daemon for the page that begins at `cursor` (the first one if it is empty), and then calls `add`
  // or `refuse`. At most one question is under way.
  virtual void ask(const std::string& cursor) = 0;
  // A line was opened: by default its address in the browser.
  virtual void open(const Line& line);

  // As reload(), with `asking` in the place of ask().
  void reload_by(const std::function<void()>& asking);
  void add(std::vector<Line> lines, const std::optional<std::string>& next_cursor);
  // A new line at the top, if the first page is there.
  void add_first(Line line);
  void refuse(const Refusal& refusal);
  // Asks for a page; a refusal takes its place.
  template <class Method>
  void list(typename Method::Params params, std::function<void(typename Method::Reply)> done) {
    calls_.ask<Method>(std::move(params),
                       [this, done = std::move(done)](Answer<typename Method::Reply> answer) {
                         if (auto* refusal = std::get_if<Refusal>(&answer)) return refuse(*refusal);
                         done(std::get<typename Method::Reply>(std::move(answer)));
                       });
  }
  // Asks for something to be done, and reloads; a refusal is said above the list.
  template <class Method>
  void act(typename Method::Params params) {
    actions_.ask<Method>(std::move(params), [this](const Answer<typename Method::Reply>& answer) {
      if (const auto* refusal = std::get_if<Refusal>(&answer)) return say(refusal->sentence());
      reload();
    });
  }
  // A widget above the list: buttons of the page.
  void set_tools(Gtk::Widget& tools);
  void say(const Glib::ustring& sentence);
  // Reloads the page with each event of these kinds. REQUIRES: `follow` is connected to the events.
  void follow_kinds(std::set<protocol::EventKind> kinds) { followed_ = std::move(kinds); }
  void follow(const protocol::EventView& event);
  // Asks, and does it after a yes.
  void question(const Glib::ustring& heading, const Glib::ustring& text, const Glib::ustring& yes,
                std::function<void()> then);

  Context& context_;
  CallScope calls_;    // of the list: a reload forgets them
  CallScope actions_;  // of what changes something; their event may reload the list before they are answered
  sigc::signal<void(const Glib::ustring&)> toast_;
  sigc::signal<void(std::shared_ptr<ListPage>)> page_;

 private:
  void build_view();
  void ask_next();
  void on_scrolled();
  void on_lock_changed();
  void show_state();
  void show_in_place(Gtk::Widget& page);

  Glib::ustring title_;
  Gtk::SearchBar search_bar_;
  Gtk::SearchEntry search_;
  std::string wanted_, next_cursor_;
  std::set<protocol::EventKind> followed_;
  bool asking_ = false, ended_ = false, refused_ = false;
  bool stale_ = false;  // what is shown is replaced by the next page
  Glib::RefPtr<Gio::ListStore<LineItem>> lines_;
  Glib::RefPtr<Gtk::Filter> filter_;
  Glib::RefPtr<Gtk::FilterListModel> filtered_;
  Gtk::ListView view_;
  Gtk::ScrolledWindow scroller_;
  Pages states_;
  Gtk::Widget* nothing_page_ = nullptr;
  Gtk::Widget* refused_page_ = nullptr;
  Gtk::Box tools_{Gtk::Orientation::VERTICAL};
  Gtk::Box waiting_{Gtk::Orientation::HORIZONTAL, 6};
  Gtk::Label message_;
  Gtk::Spinner spinner_;
  Gtk::Button again_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace forgelink::gtk
