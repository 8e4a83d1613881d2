// SPDX-License-Identifier: MIT
#include "clients/gtk/tool_form.hpp"

#include "clients/gtk/accessible.hpp"

namespace forgelink::gtk {

ToolForm::ToolForm(const Glib::ustring& title, const std::vector<ConnectionType::Field>& fields,
                   const Glib::ustring& button)
    : Gtk::Box(Gtk::Orientation::VERTICAL, 12) {
  set_margin(12);
  unfold_.set_label(title);
  unfold_.set_halign(Gtk::Align::START);
  unfold_.signal_toggled().connect(sigc::mem_fun(*this, &ToolForm::on_unfolded));
  body_.set_visible(false);
  fields_.draw({.fields = fields});
  fields_.signal_activated().connect(sigc::mem_fun(*this, &ToolForm::submit));
  button_.set_label(button);
  button_.set_halign(Gtk::Align::START);
  button_.add_css_class("suggested-action");
  button_.signal_clicked().connect(sigc::mem_fun(*this, &ToolForm::submit));
  body_.append(entries_);
  body_.append(button_);
  append(unfold_);
  append(body_);
}

void ToolForm::on_unfolded() {
  body_.set_visible(unfold_.get_active());
  set_accessible_expanded(unfold_, unfold_.get_active());
  if (unfold_.get_active()) body_.child_focus(Gtk::DirectionType::TAB_FORWARD);
}

json::object ToolForm::values() const {
  json::object values;
  for (const FormField* field : fields_.all()) {
    if (!field->text().empty()) values[field->name()] = field->text();
  }
  return values;
}

std::optional<SecretParameter> ToolForm::secret() const {
  const FormField* field = fields_.secret();
  if (field == nullptr || field->is_empty()) return std::nullopt;
  return SecretParameter{field->name(), field->secret()};
}

void ToolForm::submit() {
  fields_.accept_all();
  submitted_.emit();
}

}  // namespace forgelink::gtk
