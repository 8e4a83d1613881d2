// SPDX-License-Identifier: MIT
#include "clients/gtk/connection_details.hpp"

#include <gtkmm/scrolledwindow.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/token_help.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

Glib::ustring joined(const std::vector<std::string>& texts) {
  Glib::ustring line;
  for (const std::string& text : texts) line += (line.empty() ? "" : ", ") + text;
  return line;
}

Glib::ustring account_text(const Connection& connection) {
  if (connection.account_login.empty()) return or_dash(connection.account_name);
  if (connection.account_name.empty()) return connection.account_login;
  return connection.account_name + " (" + connection.account_login + ")";
}

// What to do about the token, where the daemon has nothing to say.
Glib::ustring state_note(const std::string& state) {
  if (state == "missing") return _("Git gets no token from this connection. Choose Edit to give it one.");
  if (state == "rejected")
    return _("The forge refuses this token. Choose Edit to give the connection a new one.");
  if (state == "expired") return _("This token has ended. Choose Edit to give the connection a new one.");
  return "";
}

void empty_notes(Gtk::Box& box) {
  while (Gtk::Widget* child = box.get_first_child()) box.remove(*child);
}

}  // namespace

ConnectionDetails::ConnectionDetails(Context& context)
    : Gtk::Box(Gtk::Orientation::VERTICAL), context_(context), calls_(context.client()) {
  build();
  context_.can.signal_changed().connect([this] {
    if (item_) show();
  });
}

void ConnectionDetails::build() {
  auto* body = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::VERTICAL, 12);
  body->set_margin(18);
  build_head(*body);
  build_actions(*body);
  auto* scroller = Gtk::make_managed<Gtk::ScrolledWindow>();
  scroller->set_policy(Gtk::PolicyType::NEVER, Gtk::PolicyType::AUTOMATIC);
  scroller->set_vexpand(true);
  scroller->set_child(*body);
  append(*scroller);
}

void ConnectionDetails::build_head(Gtk::Box& body) {
  auto* top = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 6);
  title_.set_xalign(0);
  title_.set_hexpand(true);
  title_.set_wrap(true);
  title_.set_wrap_mode(Pango::WrapMode::WORD_CHAR);
  title_.add_css_class("title-2");
  top->append(title_);
  auto* close = Gtk::make_managed<Gtk::Button>();
  close->set_icon_name("window-close-symbolic");
  close->add_css_class("flat");
  close->set_valign(Gtk::Align::START);
  close->set_tooltip_text(_("Close"));
  set_accessible_label(*close, _("Close"));
  close->signal_clicked().connect([this] { closed_.emit(); });
  top->append(*close);
  body.append(*top);

  message_.set_xalign(0);
  message_.set_wrap(true);
  message_.set_wrap_mode(Pango::WrapMode::WORD_CHAR);
  set_accessible_role(message_, Gtk::Accessible::Role::ALERT);
  body.append(message_);
  spinner_.set_halign(Gtk::Align::START);
  spinner_.set_visible(false);
  body.append(spinner_);
}

void ConnectionDetails::build_actions(Gtk::Box& body) {
  auto* main = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 6);
  main->set_homogeneous(true);
  edit_button_ = &add_button(*main, _("Edit"), &ConnectionDetails::on_edit);
  edit_button_->add_css_class("suggested-action");
  add_button(*main, _("Verify"), &ConnectionDetails::on_verify);
  body.append(*main);
  add_button(body, _("Repositories"), &ConnectionDetails::on_repositories);
  body.append(notes_);
  facts_.set_row_spacing(6);
  facts_.set_column_spacing(12);
  body.append(facts_);

  renew_ = &add_button(body, _("Renew the token"), &ConnectionDetails::on_renew);
  purge_ = &add_button(body, _("Forget the token"), &ConnectionDetails::on_purge);
  revoke_ = &add_button(body, _("Revoke the token"), &ConnectionDetails::on_revoke);
  add_button(body, _("Remove"), &ConnectionDetails::on_remove).add_css_class("destructive-action");
}

Gtk::Button& ConnectionDetails::add_button(Gtk::Box& to, const Glib::ustring& label,
                                           void (ConnectionDetails::*clicked)()) {
  auto* button = Gtk::make_managed<Gtk::Button>(label);
  button->signal_clicked().connect(sigc::mem_fun(*this, clicked));
  to.append(*button);
  return *button;
}

void ConnectionDetails::begin(const std::string& id) {
  end();
  item_ = context_.connections.find(id);
  if (!item_) return;
  changed_ = item_->signal_changed().connect(sigc::mem_fun(*this, &ConnectionDetails::show));
  show();
}

void ConnectionDetails::end() {
  calls_.forget_all();
  changed_.disconnect();
  item_.reset();
  set_waiting(false);
  say("", false);
}

void ConnectionDetails::set_waiting(bool waiting) {
  spinner_.set_visible(waiting);
  waiting ? spinner_.start() : spinner_.stop();
}

void ConnectionDetails::show() {
  const Connection& connection = item_->connection();
  title_.set_text(connection.name);
  const bool has_token = connection.state != "missing";
  // A button that goes would take the focus out of the panel.
  if (!has_token && (purge_->is_focus() || revoke_->is_focus() || renew_->is_focus())) focus_first();
  purge_->set_visible(has_token);
  const ConnectionType* type = context_.types.find(connection.type);
  renew_->set_visible(has_token && connection.can_renew && context_.can.has("token.renew"));
  revoke_->set_visible(has_token && type != nullptr && type->can_revoke && context_.can.has("token.revoke"));
  show_notes(connection);
  show_facts(connection);
}

void ConnectionDetails::show_notes(const Connection& connection) {
  empty_notes(notes_);
  for (const std::string* text : {&connection.forbidden, &connection.hint}) {
    if (!text->empty()) notes_.append(make_note(*text));
  }
  const Glib::ustring note = state_note(connection.state);
  if (connection.forbidden.empty() && connection.hint.empty() && !note.empty())
    notes_.append(make_note(note));
  if (!connection.missing_scopes.empty())
    notes_.append(make_note(
        Glib::ustring::compose(_("The token lacks these scopes: %1"), joined(connection.missing_scopes))));
  for (const Connection::Warning& warning : connection.warnings) {
    notes_.append(make_note(warning.date + ": " + warning.text));
    if (!warning.url.empty()) notes_.append(make_page_button(_("Read more"), warning.url));
  }
  notes_.set_visible(notes_.get_first_child() != nullptr);
}

void ConnectionDetails::show_facts(const Connection& connection) {
  while (fact_count_ > 0) facts_.remove_row(--fact_count_);
  add_fact(_("Type"), context_.types.label_of(connection.type));
  if (!connection.server_url.empty()) add_fact(_("Server"), connection.server_url);
  if (!connection.organization.empty()) add_fact(_("Organization"), connection.organization);
  add_fact(_("Username"), or_dash(connection.username));
  if (!connection.email.empty()) add_fact(_("Email"), connection.email);
  add_fact(_("Account"), account_text(connection));
  add_fact(_("Sign-in"), connection.signs_in() ? _("signed in") : _("access token"));
  add_fact(_("Token"), state_text(connection.state));
  add_fact(_("Ends"), date_text(connection.expires_at));
  add_fact(_("Kept"), connection.retention == "session" ? _("until the session ends") : _("yes"));
  if (connection.stored_in == "memory") add_fact(_("Stored"), _("in memory; ends with the daemon"));
  if (connection.access == "ask") add_fact(_("Access"), _("asks you first"));
  add_fact(_("Repositories used"), Glib::ustring::format(connection.repositories_used));
  add_fact(_("Last used"), time_text(connection.last_used_at));
  add_fact(_("Verified"), time_text(connection.verified_at));
  add_fact(_("Created"), time_text(connection.created_at));
}

void ConnectionDetails::add_fact(const Glib::ustring& name, const Glib::ustring& value) {
  auto* label = Gtk::make_managed<Gtk::Label>(name);
  label->set_xalign(0);
  label->set_yalign(0);
  label->add_css_class("dim-label");
  auto* text = Gtk::make_managed<Gtk::Label>(value);
  text->set_xalign(0);
  text->set_hexpand(true);
  text->set_selectable(true);
  text->set_wrap(true);
  text->set_wrap_mode(Pango::WrapMode::WORD_CHAR);
  set_accessible_label(*text, name + ": " + value);
  facts_.attach(*label, 0, fact_count_);
  facts_.attach(*text, 1, fact_count_);
  ++fact_count_;
}

}  // namespace forgelink::gtk
