// SPDX-License-Identifier: MIT
#include "clients/gtk/connection_form.hpp"

#include <gtkmm/adjustment.h>
#include <gtkmm/separator.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

constexpr int margin = 18;

void set_up_wrapped(Gtk::Label& label) {
  label.set_xalign(0);
  label.set_wrap(true);
  label.set_wrap_mode(Pango::WrapMode::WORD_CHAR);
}

}  // namespace

ConnectionForm::ConnectionForm(Context& context)
    : Gtk::Box(Gtk::Orientation::VERTICAL),
      context_(context),
      calls_(context.client()),
      choice_(_("How to connect")) {
  auto* body = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::VERTICAL, margin);
  body->set_margin(margin);
  build_head(*body);
  build_body(*body);
  scroller_.set_policy(Gtk::PolicyType::NEVER, Gtk::PolicyType::AUTOMATIC);
  scroller_.set_vexpand(true);
  scroller_.set_child(*body);
  append(scroller_);
  build_bar();

  types_.signal_changed().connect(sigc::mem_fun(*this, &ConnectionForm::draw_type));
  choice_.signal_changed().connect(sigc::mem_fun(*this, &ConnectionForm::show_token_part));
  fields_.signal_changed().connect(sigc::mem_fun(*this, &ConnectionForm::on_typed));
  fields_.signal_activated().connect(sigc::mem_fun(*this, &ConnectionForm::save));
  context_.types.signal_changed().connect(sigc::mem_fun(*this, &ConnectionForm::on_types_changed));
  context_.connections.signal_removed().connect(sigc::mem_fun(*this, &ConnectionForm::on_removed));
  on_types_changed();
}

void ConnectionForm::build_head(Gtk::Box& body) {
  set_up_wrapped(title_);
  title_.add_css_class("title-2");
  body.append(title_);
  set_up_wrapped(message_);
  message_.add_css_class("error");
  set_accessible_role(message_, Gtk::Accessible::Role::ALERT);
  body.append(message_);
  help_page_.set_halign(Gtk::Align::START);
  help_page_.signal_clicked().connect([this] { open_page(*this, help_url_); });
  body.append(help_page_);
  apps_page_.set_label(_("Add the app here"));
  apps_page_.set_halign(Gtk::Align::START);
  apps_page_.set_action_name("app.oauth-apps");
  apps_page_.set_visible(false);
  body.append(apps_page_);
}

void ConnectionForm::build_body(Gtk::Box& body) {
  type_label_.set_xalign(0);
  type_label_.add_css_class("heading");
  type_box_.append(type_label_);
  type_box_.append(types_);
  body.append(type_box_);
  body.append(general_box_);

  choice_label_.set_text(_("How to connect"));
  choice_label_.set_xalign(0);
  choice_label_.add_css_class("heading");
  choice_box_.append(choice_label_);
  choice_box_.append(choice_);
  set_up_wrapped(sign_in_note_);
  sign_in_note_.add_css_class("caption");
  choice_box_.append(sign_in_note_);
  body.append(choice_box_);

  token_part_.append(token_fields_box_);
  token_part_.append(help_);
  body.append(token_part_);
  plain_http_row_ = &make_switch_row(plain_http_, _("Allow a connection without encryption"));
  body.append(*plain_http_row_);
  body.append(make_switch_row(session_, _("Forget the token at the end of the session")));
  ask_row_ = &make_switch_row(ask_, _("Ask before a program gets the token"));
  body.append(*ask_row_);
}

Gtk::Widget& ConnectionForm::make_switch_row(Gtk::Switch& control, const Glib::ustring& label) {
  auto* row = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 12);
  auto* text = Gtk::make_managed<Gtk::Label>(label);
  set_up_wrapped(*text);
  text->set_hexpand(true);
  row->append(*text);
  control.set_valign(Gtk::Align::CENTER);
  set_accessible_label(control, label);
  row->append(control);
  return *row;
}

void ConnectionForm::build_bar() {
  // Says that there may be more above it.
  append(*Gtk::make_managed<Gtk::Separator>());
  waiting_row_.set_margin_start(margin);
  waiting_row_.set_margin_end(margin);
  waiting_row_.set_margin_top(6);
  set_up_wrapped(waiting_for_);
  set_accessible_role(waiting_for_, Gtk::Accessible::Role::STATUS);
  waiting_row_.append(spinner_);
  waiting_row_.append(waiting_for_);
  append(waiting_row_);

  auto* bar = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 12);
  bar->set_margin(12);
  bar->set_homogeneous(true);
  cancel_.set_label(_("Cancel"));
  cancel_.signal_clicked().connect([this] { cancelled_.emit(); });
  save_.set_label(_("Save"));
  save_.add_css_class("suggested-action");
  save_.signal_clicked().connect(sigc::mem_fun(*this, &ConnectionForm::save));
  bar->append(cancel_);
  bar->append(save_);
  append(*bar);
}

void ConnectionForm::begin_add() {
  end();
  open_ = true;
  wanted_ = std::make_shared<bool>(true);
  title_.set_text(_("Add connection"));
  type_label_.set_text(_("Type"));
  types_.set_visible(true);
  session_.set_active(context_.default_retention == "session");
  ask_row_->set_visible(context_.can.takes("connection.add", "access"));
  draw_type();
}

void ConnectionForm::begin_edit(const Connection& connection) {
  end();
  open_ = true;
  edited_ = connection;
  title_.set_text(Glib::ustring::compose(_("Edit “%1”"), connection.name));
  type_label_.set_text(context_.types.label_of(connection.type));
  types_.set_visible(false);
  session_.set_active(connection.retention == "session");
  ask_row_->set_visible(context_.can.takes("connection.update", "access"));
  ask_.set_active(connection.access == "ask");
  draw_type();
  for (FormField* field : fields_.all()) field->set_text(connection.field(field->name()));
}

void ConnectionForm::end() {
  calls_.forget_all();
  wanted_.reset();
  stop_waiting();
  open_ = false;
  edited_.reset();
  fields_.clear();
  ask_.set_active(false);
  plain_http_.set_active(false);
  say("", "");
}

const ConnectionType* ConnectionForm::type() const {
  return context_.types.find(edited_ ? edited_->type : types_.chosen());
}

bool ConnectionForm::wants_sign_in() const { return choice_.chosen() == "sign-in"; }

void ConnectionForm::on_types_changed() {
  types_.set_types(context_.types.types());
  if (open_) draw_type();
}

void ConnectionForm::draw_type() {
  const ConnectionType* chosen = type();
  if (chosen == nullptr) return;
  fields_.accept_all();
  fields_.draw(*chosen);
  help_.show_type(*chosen);
  say(chosen->forbidden, "");
  draw_choice(*chosen);
  on_typed();
}

void ConnectionForm::draw_choice(const ConnectionType& chosen) {
  std::vector<std::pair<std::string, Glib::ustring>> options;
  const bool stays = edited_ && edited_->signs_in();
  if (stays) options.emplace_back("stay", _("Stay signed in"));
  if (chosen.has_token) options.emplace_back("token", _("Personal access token"));
  if (chosen.has_sign_in) options.emplace_back("sign-in", chosen.sign_in_label);
  choice_.set_options(options);
  // A sign-in that has ended is what somebody comes here for.
  if (stays && edited_->state != "valid" && edited_->state != "unverified") choice_.choose("sign-in");
  choice_box_.set_visible(options.size() > 1);
  sign_in_note_.set_text(chosen.sign_in_caution);
  show_token_part();
}

void ConnectionForm::show_token_part() {
  token_part_.set_visible(choice_.chosen() == "token");
  sign_in_note_.set_visible(wants_sign_in() && !sign_in_note_.get_text().empty());
}

void ConnectionForm::on_typed() {
  const FormField* server = fields_.find("server_url");
  const FormField* organization = fields_.find("organization");
  const std::string url = server != nullptr ? server->text() : "";
  help_.set_place(url, organization != nullptr ? organization->text() : "");
  plain_http_row_->set_visible(url.starts_with("http://"));
}

void ConnectionForm::on_removed(const Connection& connection) {
  if (!edited_ || edited_->id != connection.id) return;
  say(Glib::ustring::compose(
          _("“%1” was removed by another program. What you typed is still here, but it cannot "
            "be saved to this connection."),
          connection.name),
      "");
}

// All of the widget: GTK itself scrolls to the focused entry, not to what is said below it.
void ConnectionForm::scroll_to(const Gtk::Widget& widget) {
  Gtk::Widget* body = general_box_.get_parent();
  double x = 0, y = 0;
  const bool inside = const_cast<Gtk::Widget&>(widget).translate_coordinates(*body, 0, 0, x, y);
  const auto place = scroller_.get_vadjustment();
  const double end = y + widget.get_height() + margin;
  if (inside && end > place->get_value() + place->get_page_size())
    place->set_value(end - place->get_page_size());
}

void ConnectionForm::focus_first() {
  scroller_.get_vadjustment()->set_value(0);
  if (FormField* name = fields_.find("name")) name->entry().grab_focus();
}

}  // namespace forgelink::gtk
