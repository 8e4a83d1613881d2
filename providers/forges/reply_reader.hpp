// SPDX-License-Identifier: MIT
// Parses a forge's reply, which may be anything: HTML, truncated JSON, null where a name was promised.
//
// Never throws for what a forge sends. Plain functions; any thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/url.hpp"
#include "providers/forges/continuation.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges {

namespace json = boost::json;

// The body as JSON. `forge_error` naming the forge for what is none, and for what is too much to hold
// (`details.too_large`).
Result<json::value> json_of(const http::Reply& reply, std::string_view forge);

// A member that is a text and not empty; a member of any kind that is a number or text, as text.
std::optional<std::string> text_of(const json::value& object, std::string_view name);
std::optional<std::string> id_of(const json::value& object, std::string_view name);
bool flag_of(const json::value& object, std::string_view name);  // false where the forge does not tell
std::optional<bool> told_flag_of(const json::value& object, std::string_view name);  // nothing there
std::optional<Time> time_of(const json::value& object, std::string_view name);
const json::value* member_of(const json::value& object, std::string_view name);  // null if absent or null
const json::array* list_of(const json::value& value);                            // null if it is none
std::vector<std::string> texts_of(const json::value* list);

// The message inside a JSON error body, whatever its shape: one line without control characters, not too
// long, without the full stop at its end, and without the token if the forge should repeat it.
std::string message_of(const http::Reply& reply, const Target& target);

// What a forge said, as it may stand in an error: the same treatment for other words of its.
std::string shown(std::string text, const Target& target);
std::vector<std::string> shown(std::vector<std::string> words, const Target& target);

// Only without the token, in every spelling in which it was sent: for names, which are stored.
std::string cleaned(std::string text, const Target& target);
ForgeAccount cleaned(ForgeAccount account, const Target& target);

// A header's list, "a, b" or "a; b" or "a b".
std::vector<std::string> words_of(std::string_view header);

// `rate_limited` if that is what the reply says. The client obeys limits by itself; this is for one that does
// not.
std::optional<Error> rate_limit_of(const http::Reply& reply, std::string_view forge);

// True for a refusal that somebody between here and the forge gave in its place. `marked`: the reply bears
// what marks the forge's own answers (Provider::marks_own_answer). Such a refusal says nothing about the
// token.
bool is_of_another(const http::Reply& reply, bool marked);

// `forge_error` that names the gateway, or the address that was pointed to.
Error answered_by_another(const http::Reply& reply, const Target& target, std::string_view forge);

// Nothing for an end that is past: the forge has just taken the token, and its yes is better than a date that
// a clock or a time zone may have wrong. Logged.
std::optional<Time> believable_expiry(std::optional<Time> expiry, std::string_view forge);

// What any forge may answer: 5xx, a redirect that is not followed, and everything nobody expected.
Error unexpected(const http::Reply& reply, const Target& target, std::string_view forge);

std::string first_line(std::string_view message);

// ": why", or nothing where the forge said nothing.
std::string because(const std::string& said);

// "https://user@host/path" without the user.
std::string without_user(std::string url);

// How many to ask for: the forges give at most 100 at once.
std::string page_size(std::size_t limit);

bool holds(const std::vector<std::string>& words, std::string_view word);

}  // namespace forgelink::forges
