// SPDX-License-Identifier: MIT
#include "clients/gtk/tool_form.hpp"

namespace forgelink::gtk {

ToolForm::ToolForm(const Glib::ustring& title, const std::vector<ConnectionType::Field>& fields,
                   const Glib::ustring& button)
    : Gtk::Expander(title) {
  set_margin(12);
  body_.set_margin_top(12);
  fields_.draw({.fields = fields});
  fields_.signal_activated().connect(sigc::mem_fun(*this, &ToolForm::submit));
  button_.set_label(button);
  button_.set_halign(Gtk::Align::START);
  button_.add_css_class("suggested-action");
  button_.signal_clicked().connect(sigc::mem_fun(*this, &ToolForm::submit));
  body_.append(entries_);
  body_.append(button_);
  set_child(body_);
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
