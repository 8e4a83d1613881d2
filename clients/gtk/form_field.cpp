// SPDX-License-Identifier: MIT
#include "clients/gtk/form_field.hpp"

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/context.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

void set_up_note(Gtk::Label& label, const char* style) {
  label.set_xalign(0);
  label.set_wrap(true);
  label.set_wrap_mode(Pango::WrapMode::WORD_CHAR);
  label.add_css_class("caption");
  label.add_css_class(style);
}

}  // namespace

FormField::FormField(const ConnectionType::Field& description)
    : Gtk::Box(Gtk::Orientation::VERTICAL, 4), name_(description.name), required_(description.required) {
  label_.set_xalign(0);
  label_.set_text(description.required ? Glib::ustring::compose(_("%1 (required)"), description.label)
                                       : Glib::ustring(description.label));
  label_.add_css_class("heading");
  append(label_);
  if (description.secret) {
    entry_ = secret_entry_ = Gtk::make_managed<SecretEntry>();
  } else {
    entry_ = Gtk::make_managed<Gtk::Entry>();
  }
  append(*entry_);
  set_accessible_label(*entry_, description.label);
  set_accessible_required(*entry_, description.required);
  set_accessible_description(*entry_, description.help);
  if (name_ == "expires_at") entry_->set_placeholder_text(_("YYYY-MM-DD"));
  entry_->signal_changed().connect([this] { changed_.emit(); });
  entry_->signal_activate().connect([this] { activated_.emit(); });

  set_up_note(error_, "error");
  set_accessible_role(error_, Gtk::Accessible::Role::ALERT);
  error_.set_visible(false);
  append(error_);
  help_page_.set_label(_("Open the page that helps"));
  help_page_.set_halign(Gtk::Align::START);
  help_page_.set_visible(false);
  help_page_.signal_clicked().connect([this] { open_page(*this, help_url_); });
  append(help_page_);
  set_up_note(help_, "dim-label");
  help_.set_text(description.help);
  help_.set_visible(!description.help.empty());
  append(help_);
}

std::string FormField::text() const {
  if (is_secret()) return "";
  const std::string typed = entry_->get_text();
  const auto first = typed.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return typed.substr(first, typed.find_last_not_of(" \t") - first + 1);
}

void FormField::set_text(const Glib::ustring& text) {
  if (!is_secret()) entry_->set_text(text);
}

void FormField::clear() {
  if (is_secret()) {
    secret_entry_->clear();
  } else {
    entry_->set_text("");
  }
}

void FormField::refuse(const Glib::ustring& sentence, const std::string& url) {
  const bool refused = !sentence.empty();
  error_.set_text(sentence);
  error_.set_visible(refused);
  help_url_ = url;
  help_page_.set_tooltip_text(url);
  help_page_.set_visible(!url.empty());
  set_accessible_invalid(*entry_, refused);
  if (refused) {
    entry_->add_css_class("error");
    gtk::announce(*entry_, sentence);
  } else {
    entry_->remove_css_class("error");
  }
}

}  // namespace forgelink::gtk
