// SPDX-License-Identifier: MIT
// Reads members of the daemon's replies without exceptions: what is absent, null or of another type is empty.
// Plain functions; any thread.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace forgelink::gtk {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name);
std::int64_t number_of(const json::object& object, std::string_view name);
bool flag_of(const json::object& object, std::string_view name);
std::vector<std::string> texts_of(const json::object& object, std::string_view name);

// A reference to an empty object or array where there is none.
const json::object& object_of(const json::object& object, std::string_view name);
const json::array& array_of(const json::object& object, std::string_view name);
const json::object& as_object(const json::value& value);

}  // namespace forgelink::gtk
