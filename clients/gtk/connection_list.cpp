// SPDX-License-Identifier: MIT
#include "clients/gtk/connection_list.hpp"

#include <gtkmm/signallistitemfactory.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/connection_row.hpp"
#include "clients/gtk/item_filter.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

ConnectionList::ConnectionList(Context& context) : Gtk::Box(Gtk::Orientation::VERTICAL), context_(context) {
  search_.set_hexpand(true);
  set_accessible_label(search_, _("Search connections"));
  search_bar_.set_child(search_);
  search_bar_.connect_entry(search_);
  search_.signal_search_changed().connect(sigc::mem_fun(*this, &ConnectionList::on_search));
  append(search_bar_);
  build_list();
  append(pages_);

  context_.link.signal_changed().connect(sigc::mem_fun(*this, &ConnectionList::show_page));
  context_.connections.signal_known().connect(sigc::mem_fun(*this, &ConnectionList::show_page));
  filtered_->signal_items_changed().connect([this](guint, guint, guint) { show_page(); });
  show_page();
}

void ConnectionList::build_list() {
  filter_ = make_item_filter(
      [this](Glib::ObjectBase& item) { return dynamic_cast<ConnectionItem&>(item).matches(wanted_); });
  filtered_ = Gtk::FilterListModel::create(context_.connections.list(), filter_);
  selection_ = Gtk::SingleSelection::create(filtered_);
  selection_->set_autoselect(false);
  selection_->set_can_unselect(true);

  auto factory = Gtk::SignalListItemFactory::create();
  factory->signal_setup().connect([this](const Glib::RefPtr<Gtk::ListItem>& slot) {
    slot->set_child(
        *Gtk::make_managed<ConnectionRow>(context_, [this](const std::string& id) { opened_.emit(id); }));
  });
  factory->signal_bind().connect([](const Glib::RefPtr<Gtk::ListItem>& slot) {
    const auto item = std::dynamic_pointer_cast<ConnectionItem>(slot->get_item());
    dynamic_cast<ConnectionRow&>(*slot->get_child()).bind(item);
  });
  factory->signal_unbind().connect([](const Glib::RefPtr<Gtk::ListItem>& slot) {
    dynamic_cast<ConnectionRow&>(*slot->get_child()).unbind();
  });
  view_.set_model(selection_);
  view_.set_factory(factory);
  view_.set_single_click_activate(true);
  view_.set_show_separators(true);
  set_accessible_label(view_, _("Connections"));
  view_.signal_activate().connect(sigc::mem_fun(*this, &ConnectionList::on_activated));

  scroller_.set_policy(Gtk::PolicyType::NEVER, Gtk::PolicyType::AUTOMATIC);
  scroller_.set_child(view_);
}

void ConnectionList::show_spinner() {
  if (!spinner_.get_spinning()) {
    spinner_.set_size_request(32, 32);
    spinner_.set_halign(Gtk::Align::CENTER);
    spinner_.start();
    set_accessible_label(spinner_, _("Connecting to the daemon"));
  }
  pages_.show_page(spinner_);
}

Gtk::Widget& ConnectionList::make_absent_page() {
  start_.set_label(_("Start the daemon"));
  start_.set_halign(Gtk::Align::CENTER);
  start_.add_css_class("pill");
  start_.signal_clicked().connect([this] { context_.link.start_daemon(); });
  return adwaita::make_status_page("network-offline-symbolic", _("Forgelink’s daemon is not running"), "",
                                   &start_);
}

Gtk::Widget& ConnectionList::make_empty_page() {
  add_.set_label(_("Make the first connection"));
  add_.set_halign(Gtk::Align::CENTER);
  add_.add_css_class("pill");
  add_.add_css_class("suggested-action");
  add_.signal_clicked().connect([this] { add_wanted_.emit(); });
  return adwaita::make_status_page(
      "network-server-symbolic", _("No connections yet"),
      _("Connect a forge once; git and your other programs use the connection from then on."), &add_);
}

Gtk::Widget& ConnectionList::make_nothing_page() {
  return adwaita::make_status_page("edit-find-symbolic", _("Nothing found"),
                                   _("No connection has this name, account or server."), nullptr);
}

// Each is made when it is first wanted, and kept by `pages_` from then on.
void ConnectionList::show_made(Gtk::Widget*& page, Gtk::Widget& (ConnectionList::*make)()) {
  if (page == nullptr) page = &(this->*make)();
  pages_.show_page(*page);
}

void ConnectionList::show_absent() {
  Glib::ustring text = _("The window is back in step as soon as the daemon runs.");
  if (!context_.link.reason().empty()) text = context_.link.reason() + "\n" + text;
  show_made(absent_page_, &ConnectionList::make_absent_page);
  adwaita::set_status_page(*absent_page_, _("Forgelink’s daemon is not running"), text);
  start_.set_visible(context_.link.may_start_daemon());
}

void ConnectionList::show_page() {
  const bool any = context_.connections.list()->get_n_items() > 0;
  if (context_.link.state() == DaemonLink::State::absent) {
    show_absent();
  } else if (filtered_->get_n_items() > 0) {
    pages_.show_page(scroller_);
  } else if (any) {
    show_made(nothing_page_, &ConnectionList::make_nothing_page);
  } else if (context_.connections.is_known()) {
    show_made(empty_page_, &ConnectionList::make_empty_page);
  } else {
    show_spinner();
  }
}

void ConnectionList::on_activated(unsigned position) {
  const auto item = std::dynamic_pointer_cast<ConnectionItem>(filtered_->get_object(position));
  if (item) opened_.emit(item->connection().id);
}

void ConnectionList::on_search() {
  wanted_ = search_.get_text().casefold();
  filter_again(*filter_);
}

void ConnectionList::focus_list() {
  if (!pages_.shows(scroller_) || !view_.grab_focus()) pages_.child_focus(Gtk::DirectionType::TAB_FORWARD);
}

void ConnectionList::mark(const std::string& id) {
  for (unsigned position = 0; position < filtered_->get_n_items() && !id.empty(); ++position) {
    const auto item = std::dynamic_pointer_cast<ConnectionItem>(filtered_->get_object(position));
    if (item && item->connection().id == id) {
      selection_->set_selected(position);
      // GTK's own action; the method for it came with GTK 4.12.
      view_.activate_action("list.scroll-to-item", Glib::Variant<guint>::create(position));
      return;
    }
  }
  selection_->set_selected(GTK_INVALID_LIST_POSITION);
}

}  // namespace forgelink::gtk
