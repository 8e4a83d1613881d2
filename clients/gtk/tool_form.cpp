// SPDX-License-Identifier: MIT
#include "clients/gtk/tool_form.hpp"

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

ToolForm::ToolForm(const Glib::ustring& title, const std::vector<ConnectionType::Field>& fields,
                   const Glib::ustring& button)
    : Gtk::Box(Gtk::Orientation::VERTICAL, 12) {
  set_margin(12);
  unfold_.set_label(title);
  unfold_.set_halign(Gtk::Align::START);
  unfold_.signal_toggled().connect(sigc::mem_fun(*this, &ToolForm::on_unfolded));
  fields_.draw({.fields = fields});
  fields_.signal_activated().connect(sigc::mem_fun(*this, &ToolForm::submit));
  button_.set_label(button);
  button_.set_halign(Gtk::Align::START);
  button_.add_css_class("suggested-action");
  button_.signal_clicked().connect(sigc::mem_fun(*this, &ToolForm::submit));
  body_.append(entries_);
  body_.append(button_);
  append(unfold_);
  // As high as its fields where there is room: large text in a low window is higher than that.
  scroller_.set_policy(Gtk::PolicyType::NEVER, Gtk::PolicyType::AUTOMATIC);
  scroller_.set_propagate_natural_height(true);
  scroller_.set_child(body_);
  scroller_.set_visible(false);
  append(scroller_);
}

void ToolForm::put_first(const Glib::ustring& label, Gtk::Widget& control) {
  auto* box = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::VERTICAL, 4);
  auto* heading = Gtk::make_managed<Gtk::Label>(label);
  heading->set_xalign(0);
  heading->add_css_class("heading");
  box->append(*heading);
  box->append(control);
  body_.prepend(*box);
}

void ToolForm::on_unfolded() {
  scroller_.set_visible(unfold_.get_active());
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
  for (FormField* field : fields_.all()) {
    if (!field->is_required() || !field->is_empty()) continue;
    field->refuse(_("Fill this in."));
    field->entry().grab_focus();
    return;
  }
  submitted_.emit();
}

}  // namespace forgelink::gtk
