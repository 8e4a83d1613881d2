// SPDX-License-Identifier: MIT
#include "clients/gtk/json_access.hpp"

namespace forgelink::gtk {

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

std::int64_t number_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr) return 0;
  if (found->is_int64()) return found->get_int64();
  return found->is_uint64() ? static_cast<std::int64_t>(found->get_uint64()) : 0;
}

const json::object& object_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  static const json::value nothing;
  return as_object(found != nullptr ? *found : nothing);
}

const json::array& array_of(const json::object& object, std::string_view name) {
  static const json::array empty;
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_array() ? found->get_array() : empty;
}

const json::object& as_object(const json::value& value) {
  static const json::object empty;
  return value.is_object() ? value.get_object() : empty;
}

}  // namespace forgelink::gtk
