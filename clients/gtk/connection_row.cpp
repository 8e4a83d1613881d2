// SPDX-License-Identifier: MIT
#include "clients/gtk/connection_row.hpp"

#include <giomm/simpleactiongroup.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

constexpr int gap = 12;

void shorten(Gtk::Label& label, float alignment) {
  label.set_xalign(alignment);
  label.set_ellipsize(Pango::EllipsizeMode::END);
}

}  // namespace

ConnectionRow::ConnectionRow(Context& context, std::function<void(const std::string&)> on_open)
    : Gtk::Box(Gtk::Orientation::HORIZONTAL, gap), context_(context), on_open_(std::move(on_open)) {
  set_margin(gap);
  auto* texts = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::VERTICAL, 2);
  texts->set_hexpand(true);
  for (Gtk::Label* label : {&name_, &account_, &use_}) {
    shorten(*label, 0);
    texts->append(*label);
  }
  name_.add_css_class("heading");
  use_.add_css_class("caption");
  use_.add_css_class("dim-label");
  append(*texts);

  auto* token = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::VERTICAL, 2);
  token->set_valign(Gtk::Align::CENTER);
  auto* state = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 6);
  state->set_halign(Gtk::Align::END);
  state->append(symbol_);
  state->append(state_);
  token->append(*state);
  shorten(expiry_, 1);
  expiry_.add_css_class("caption");
  expiry_.add_css_class("dim-label");
  token->append(expiry_);
  append(*token);
  set_accessible_role(symbol_, Gtk::Accessible::Role::PRESENTATION);
  context_.types.signal_changed().connect(sigc::mem_fun(*this, &ConnectionRow::show));
}

void ConnectionRow::bind(const Glib::RefPtr<ConnectionItem>& item) {
  item_ = item;
  changed_ = item->signal_changed().connect(sigc::mem_fun(*this, &ConnectionRow::show));
  set_up_list_item();
  show();
}

void ConnectionRow::unbind() {
  changed_.disconnect();
  item_.reset();
}

// The accessible list item is the widget that GTK puts around the row. It has no action of its own that opens
// it.
void ConnectionRow::set_up_list_item() {
  if (has_action_ || get_parent() == nullptr) return;
  has_action_ = true;
  auto actions = Gio::SimpleActionGroup::create();
  actions->add_action("activate", [this] {
    if (item_) on_open_(item_->connection().id);
  });
  get_parent()->insert_action_group("row", actions);
}

void ConnectionRow::show() {
  if (!item_) return;
  const Connection& connection = item_->connection();
  name_.set_text(connection.name);
  account_.set_text(account_line(connection));
  use_.set_text(use_line(connection));
  state_.set_text(state_text(connection.state));
  expiry_.set_text(expiry_line(connection));
  expiry_.set_visible(!expiry_.get_text().empty());
  symbol_.set_from_icon_name(state_icon(connection.state));
  if (const std::string style = state_style(connection.state); style != style_) {
    for (Gtk::Widget* widget : {static_cast<Gtk::Widget*>(&state_), static_cast<Gtk::Widget*>(&symbol_)}) {
      if (!style_.empty()) widget->remove_css_class(style_);
      widget->add_css_class(style);
    }
    style_ = style;
  }
  Glib::ustring spoken = connection.name;
  for (const Gtk::Label* label : {&account_, &state_, &expiry_, &use_}) {
    if (!label->get_text().empty()) spoken += ", " + label->get_text();
  }
  if (get_parent() != nullptr) set_accessible_label(*get_parent(), spoken);
}

Glib::ustring ConnectionRow::account_line(const Connection& connection) const {
  Glib::ustring line = context_.types.label_of(connection.type);
  const std::string& where = connection.server_url.empty() ? connection.organization : connection.server_url;
  if (!where.empty()) line += " · " + where;
  const std::string& who = connection.account_login.empty() ? connection.username : connection.account_login;
  if (!who.empty()) line += " · " + who;
  if (!connection.username.empty() && connection.username != who) line += " (" + connection.username + ")";
  return line + " · " + (connection.signs_in() ? _("signed in") : _("access token"));
}

Glib::ustring ConnectionRow::use_line(const Connection& connection) {
  Glib::ustring line = retention_text(connection.retention);
  line += " · " + translate_count("%1 repository used", "%1 repositories used", connection.repositories_used);
  if (connection.last_used_at)
    line += " · " + Glib::ustring::compose(_("last used %1"), date_text(connection.last_used_at));
  return line;
}

Glib::ustring ConnectionRow::expiry_line(const Connection& connection) {
  if (!connection.expires_at) return "";
  return Glib::ustring::compose(connection.state == "expired" ? _("ended %1") : _("ends %1"),
                                date_text(connection.expires_at));
}

}  // namespace forgelink::gtk
