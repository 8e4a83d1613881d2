// SPDX-License-Identifier: MIT
// The types of connection, as type.list describes them. The CLI's only thread.
#pragma once

#include <string>
#include <vector>

#include "clients/cli/context.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::cli {

using TypeView = protocol::TypeList::TypeView;

// All types, asked of the daemon. Ends the run where it refuses.
std::vector<TypeView> all_types(Context& context);

// The type with that id; null if there is none. Points into `types`.
const TypeView* type_named(const std::vector<TypeView>& types, const std::string& id);

// Does the type's form have the field, and (with `required`) must it be filled in?
bool has_field(const TypeView& type, std::string_view name, bool required = false);

}  // namespace forgelink::cli
