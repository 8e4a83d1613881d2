// SPDX-License-Identifier: MIT
#include "clients/gtk/form_fields.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace forgelink::gtk {
namespace {

// The field that an error is about where the daemon names none.
std::string field_of(const Refusal& refusal) {
  static const std::map<std::string_view, std::string_view> fields = {
      {"name_taken", "name"},
      {"username_required", "username"},
      {"username_mismatch", "username"},
      {"server_url_required", "server_url"},
      {"token_rejected", "token"},
      {"token_expired", "token"},
      {"scope_missing", "token"},
      {"sso_required", "token"},
      {"token_missing", "token"},
      {"bitbucket_on_premise_unsupported", "server_url"}};
  if (!refusal.field.empty()) return refusal.field;
  const auto found = fields.find(refusal.kind);
  return found == fields.end() ? "" : std::string(found->second);
}

}  // namespace

void FormFields::draw(const ConnectionType& type) {
  std::map<std::string, std::string> typed;
  Secret token;
  // Whoever hears that a field was cleared looks at all fields, so none of those that go is among them.
  for (FormField* field : std::exchange(fields_, {})) {
    typed[field->name()] = field->text();
    // A token that was typed for one forge does not move to another.
    if (field->is_secret() && type.id == drawn_) token = field->secret();
    field->clear();
    (field->get_parent() == &token_ ? token_ : general_).remove(*field);
  }
  drawn_ = type.id;
  for (const ConnectionType::Field& description : type.fields) {
    auto* field = Gtk::make_managed<FormField>(description);
    const bool about_token = description.secret || description.name == "expires_at";
    (about_token ? token_ : general_).append(*field);
    field->set_text(typed[field->name()]);
    if (field->is_secret() && !token.empty()) field->set_secret(token);
    field->signal_changed().connect([this] { changed_.emit(); });
    field->signal_activated().connect([this] { activated_.emit(); });
    fields_.push_back(field);
  }
}

FormField* FormFields::find(std::string_view name) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](FormField* field) { return field->name() == name; });
  return found == fields_.end() ? nullptr : *found;
}

FormField* FormFields::secret() const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [](FormField* field) { return field->is_secret(); });
  return found == fields_.end() ? nullptr : *found;
}

FormField* FormFields::refuse(const Refusal& refusal) {
  FormField* field = find(field_of(refusal));
  // A field that is hidden, as the token's is while a sign-in is chosen, cannot show anything.
  if (field == nullptr || !field->get_parent()->get_mapped()) return nullptr;
  field->refuse(refusal.sentence(), refusal.url);
  field->entry().grab_focus();
  return field;
}

void FormFields::accept_all() {
  for (FormField* field : fields_) field->refuse("");
}

void FormFields::clear() {
  accept_all();
  for (FormField* field : fields_) field->clear();
}

}  // namespace forgelink::gtk
