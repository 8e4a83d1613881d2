// SPDX-License-Identifier: MIT
#include "clients/gtk/type_catalogue.hpp"

#include <algorithm>

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

ConnectionType type_of(const protocol::TypeList::TypeView& from) {
  ConnectionType type{.id = from.id,
                      .label = from.label,
                      .token_page = from.token_page,
                      .sign_in_label = from.sign_in_label.value_or(""),
                      .forbidden = from.policy_forbids.value_or(""),
                      .sign_in_caution = from.sign_in_caution.value_or(""),
                      .revoke_caution = from.revoke_caution.value_or(""),
                      .can_revoke = from.can_revoke,
                      .sign_in_methods = from.sign_in_methods};
  for (const std::string& way : from.sign_in) (way == "pat" ? type.has_token : type.has_sign_in) = true;
  if (type.sign_in_label.empty())
    type.sign_in_label = Glib::ustring::compose(_("Sign in with %1"), type.label);
  for (const auto& field : from.fields_)
    type.fields.push_back({.name = field.name,
                           .label = field.label,
                           .help = field.help,
                           .required = field.required,
                           .secret = field.secret});
  for (const auto& scope : from.scopes)
    type.scopes.push_back({.scope = scope.scope, .needed_for = scope.needed_for, .required = scope.required});
  for (const auto& notice : from.notices)
    type.notices.push_back({.date = notice.date, .text = notice.text, .url = notice.url});
  return type;
}

}  // namespace

bool ConnectionType::has_method(std::string_view method) const {
  return std::find(sign_in_methods.begin(), sign_in_methods.end(), method) != sign_in_methods.end();
}

void TypeCatalogue::fill(const protocol::TypeList::Reply& reply) {
  std::vector<ConnectionType> types;
  for (const auto& one : reply.types) types.push_back(type_of(one));
  if (types == types_) return;
  types_ = std::move(types);
  changed_.emit();
}

const ConnectionType* TypeCatalogue::find(std::string_view id) const {
  const auto found =
      std::find_if(types_.begin(), types_.end(), [&](const auto& type) { return type.id == id; });
  return found == types_.end() ? nullptr : &*found;
}

std::string TypeCatalogue::label_of(const std::string& id) const {
  const ConnectionType* type = find(id);
  return type != nullptr ? type->label : id;
}

}  // namespace forgelink::gtk
