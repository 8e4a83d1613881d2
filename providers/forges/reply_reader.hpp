// Reading what a forge sent, which may be anything: HTML, half a JSON text, null where a name was promised.
//
// Every look is a question with an answer; nothing here throws. Plain functions.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "providers/http/http.hpp"
#include "providers/url.hpp"

namespace forgelink::forges {

namespace json = boost::json;

// The body as JSON; `forge_error` naming the forge for what is none.
Result<json::value> json_of(const http::Reply& reply, std::string_view forge);

// A member that is a text and not empty; a member of any kind that is a number or text, as text.
std::optional<std::string> text_of(const json::value& object, std::string_view name);
std::optional<std::string> id_of(const json::value& object, std::string_view name);
bool flag_of(const json::value& object, std::string_view name);
std::optional<Time> time_of(const json::value& object, std::string_view name);
const json::value* member_of(const json::value& object, std::string_view name);  // null if absent or null
const json::array* list_of(const json::value& value);                            // null if it is none
std::vector<std::string> texts_of(const json::value* list);

// The message inside an error body, whatever its shape; cleaned of control characters and cut to a line.
std::string message_of(const http::Reply& reply);

// Link: <...>; rel="next" (RFC 8288). "" at the end of the list.
std::string next_link(const http::Reply& reply);

// A continuation that goes where `root` is and nowhere else; `forge_error` otherwise, before anything is
// sent.
Result<std::string> checked_next(std::string next, std::string_view root, std::string_view forge);

// A header's list, "a, b" or "a b".
std::vector<std::string> words_of(std::string_view header);

// What any forge may answer: 5xx and everything nobody expected.
Error unexpected(const http::Reply& reply, std::string_view forge);

std::string first_line(std::string_view message);

}  // namespace forgelink::forges
