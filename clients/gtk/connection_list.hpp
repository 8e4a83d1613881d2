// SPDX-License-Identifier: MIT
// The list of connections, with its search, and what stands in its place: nothing yet, no daemon, no
// connection.
//
// Rows are made for what is in sight only, so that thousands cost no more than a hundred. Main thread only.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/filterlistmodel.h>
#include <gtkmm/listview.h>
#include <gtkmm/scrolledwindow.h>
#include <gtkmm/searchbar.h>
#include <gtkmm/searchentry.h>
#include <gtkmm/singleselection.h>
#include <gtkmm/spinner.h>

#include "clients/gtk/connection_item.hpp"
#include "clients/gtk/context.hpp"
#include "clients/gtk/pages.hpp"

namespace forgelink::gtk {

class ConnectionList : public Gtk::Box {
 public:
  explicit ConnectionList(Context& context);

  // A row was opened: the id of its connection.
  sigc::signal<void(const std::string&)>& signal_opened() { return opened_; }
  sigc::signal<void()>& signal_add_wanted() { return add_wanted_; }

  Gtk::SearchBar& search_bar() { return search_bar_; }
  void focus_list();
  // Marks the row and brings it into sight, without opening it; an empty id marks none.
  void mark(const std::string& id);

 private:
  void build_list();
  Gtk::Widget& make_absent_page();
  Gtk::Widget& make_empty_page();
  Gtk::Widget& make_nothing_page();
  void show_made(Gtk::Widget*& page, Gtk::Widget& (ConnectionList::*make)());
  void show_absent();
  void show_spinner();
  void show_page();
  void on_activated(unsigned position);
  void on_search();

  Context& context_;
  Gtk::SearchBar search_bar_;
  Gtk::SearchEntry search_;
  std::string wanted_;  // case-folded
  Glib::RefPtr<Gtk::Filter> filter_;
  Glib::RefPtr<Gtk::FilterListModel> filtered_;
  Glib::RefPtr<Gtk::SingleSelection> selection_;
  Gtk::ListView view_;
  Gtk::Button start_, add_;
  Gtk::ScrolledWindow scroller_;
  Gtk::Spinner spinner_;
  Gtk::Widget* absent_page_ = nullptr;
  Gtk::Widget* empty_page_ = nullptr;
  Gtk::Widget* nothing_page_ = nullptr;
  Pages pages_;  // after what it shows
  sigc::signal<void(const std::string&)> opened_;
  sigc::signal<void()> add_wanted_;
};

}  // namespace forgelink::gtk
