// SPDX-License-Identifier: MIT
// Reads members of JSON that has no type in ipc/protocol: messages, errors, the OpenRPC document. Never
// throws: what is absent, null or of another type is empty. Plain functions; any thread.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace forgelink::gtk {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name);
std::int64_t number_of(const json::object& object, std::string_view name);

// A reference to an empty object or array where there is none.
const json::object& object_of(const json::object& object, std::string_view name);
const json::array& array_of(const json::object& object, std::string_view name);
const json::object& as_object(const json::value& value);

}  // namespace forgelink::gtk
