// SPDX-License-Identifier: MIT
// Parses JSON that a forge sent, within bounds. Plain functions; any thread.
#pragma once

#include <boost/json.hpp>
#include <string_view>

namespace forgelink::forges {

// Without the byte order mark that some servers and proxies put before a text.
std::string_view without_mark(std::string_view text);

// Skips a byte order mark (RFC 8259 section 8.1 allows that). Refuses a text of more than 500,000 values with
// error::array_too_large: 16 MiB of "[]," would take 400 MiB. Null and `wrong` for what cannot be parsed.
// `memory`: where the value is kept, as locked memory for one that holds tokens.
boost::json::value parse_json(std::string_view text, boost::system::error_code& wrong,
                              boost::json::storage_ptr memory = {});

}  // namespace forgelink::forges
