// SPDX-License-Identifier: MIT
// The fields of `forgelink api`, as gh takes them (https://cli.github.com/manual/gh_api). Plain functions.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

namespace forgelink::cli {

// Puts KEY=VALUE into `into`: a[b]=c makes an object of a, a[]=c a list. `typed`: true, false, null and whole
// numbers become what they are, @FILE its content (@- that of standard input). The mistake in it, as a
// sentence.
std::optional<std::string> add_field(boost::json::object& into, const std::string& field, bool typed);

// A file to its end, "-" for standard input; nothing if it cannot be read.
std::optional<std::string> content_of(const std::string& file);

}  // namespace forgelink::cli
