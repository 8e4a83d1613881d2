// SPDX-License-Identifier: MIT
#include "clients/gtk/type_catalogue.hpp"

#include <algorithm>

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

ConnectionType type_of(const json::object& from) {
  ConnectionType type{.id = text_of(from, "id"),
                      .label = text_of(from, "label"),
                      .token_page = text_of(from, "token_page"),
                      .sign_in_label = text_of(from, "sign_in_label"),
                      .forbidden = text_of(from, "policy_forbids"),
                      .sign_in_caution = text_of(from, "sign_in_caution"),
                      .revoke_caution = text_of(from, "revoke_caution"),
                      .can_revoke = flag_of(from, "can_revoke"),
                      .can_renew = flag_of(from, "can_renew"),
                      .sign_in_methods = texts_of(from, "sign_in_methods")};
  for (const std::string& way : texts_of(from, "sign_in"))
    (way == "pat" ? type.has_token : type.has_sign_in) = true;
  // A daemon from before `sign_in_methods` has both methods wherever it has a sign-in.
  if (!from.contains("sign_in_methods") && type.has_sign_in) type.sign_in_methods = {"browser", "device"};
  if (type.sign_in_label.empty())
    type.sign_in_label = Glib::ustring::compose(_("Sign in with %1"), type.label);
  for (const json::value& one : array_of(from, "fields")) {
    const json::object& field = as_object(one);
    type.fields.push_back({.name = text_of(field, "name"),
                           .label = text_of(field, "label"),
                           .help = text_of(field, "help"),
                           .required = flag_of(field, "required"),
                           .secret = flag_of(field, "secret")});
  }
  for (const json::value& one : array_of(from, "scopes")) {
    const json::object& scope = as_object(one);
    type.scopes.push_back({.scope = text_of(scope, "scope"),
                           .needed_for = text_of(scope, "needed_for"),
                           .required = flag_of(scope, "required")});
  }
  for (const json::value& one : array_of(from, "notices")) {
    const json::object& notice = as_object(one);
    type.notices.push_back(
        {.date = text_of(notice, "date"), .text = text_of(notice, "text"), .url = text_of(notice, "url")});
  }
  return type;
}

}  // namespace

bool ConnectionType::has_method(std::string_view method) const {
  return std::find(sign_in_methods.begin(), sign_in_methods.end(), method) != sign_in_methods.end();
}

void TypeCatalogue::fill(const json::object& reply) {
  std::vector<ConnectionType> types;
  for (const json::value& one : array_of(reply, "types")) types.push_back(type_of(as_object(one)));
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
