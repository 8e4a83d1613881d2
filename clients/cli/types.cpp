// SPDX-License-Identifier: MIT
#include "clients/cli/types.hpp"

#include <algorithm>

namespace forgelink::cli {

std::vector<TypeView> all_types(Context& context) { return context.call<protocol::TypeList>().reply.types; }

const TypeView* type_named(const std::vector<TypeView>& types, const std::string& id) {
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const TypeView& type) { return type.id == id; });
  return found == types.end() ? nullptr : &*found;
}

bool has_field(const TypeView& type, std::string_view name, bool required) {
  return std::any_of(type.fields_.begin(), type.fields_.end(),
                     [&](const auto& field) { return field.name == name && (field.required || !required); });
}

}  // namespace forgelink::cli
