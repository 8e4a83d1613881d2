// SPDX-License-Identifier: MIT
#include "providers/forges/reply_reader.hpp"

#include <fmt/format.h>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

#include "providers/forges/json_text.hpp"
#include "providers/http/rate_limit.hpp"
#include "providers/http/sanitizer.hpp"

namespace forgelink::forges {
namespace {

constexpr std::size_t longest_message = 300;
constexpr std::size_t longest_looked_at = 8192;  // for the token, in what is cut to `longest_message` then
constexpr std::size_t most_texts = 200;          // of scopes no token has nearly as many

// Of a text in UTF-8.
std::string one_line(std::string text) {
  std::size_t end = std::min(text.size(), longest_message);
  // Not in the middle of a character.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  while (text.ends_with(' ') || text.ends_with('.')) text.pop_back();
  return text;
}

// Of a header, which may hold any bytes.
std::string ascii(std::string_view header) {
  std::string text(header);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  }
  return text;
}

// Who an answer names as its maker: a gateway's own header, or the title of its page.
std::string maker_of(const http::Reply& reply, const Target& target) {
  for (const char* name : {"server", "via", "x-served-by"}) {
    if (const std::string_view said = reply.header(name); !said.empty())
      return shown(ascii(said.substr(0, 80)), target);
  }
  const auto open = reply.body.find("<title>"), close = reply.body.find("</title>");
  if (open == std::string::npos || close == std::string::npos || close < open + 7) return "";
  const std::string title =
      shown(reply.body.substr(open + 7, std::min<std::size_t>(close - open - 7, 80)), target);
  return is_utf8(title) ? title : "";
}

}  // namespace

Result<json::value> json_of(const http::Reply& reply, std::string_view forge) {
  boost::system::error_code wrong;
  if (reply.is_json()) {
    json::value value = parse_json(reply.body, wrong);
    if (!wrong) return value;
    if (wrong == json::error::array_too_large) {
      Error large{.code = Errc::forge_error,
                  .message = fmt::format("{} sent an answer of more than 500,000 values.", forge)};
      large.details["too_large"] = true;
      return large;
    }
  }
  const bool page = reply.header("content-type").find("html") != std::string_view::npos;
  return Error{.code = Errc::forge_error,
               .message = fmt::format("{} answered with {} instead of the JSON it promises (status {}).",
                                      forge, page ? "a web page" : "something else", reply.status)};
}

const json::value* member_of(const json::value& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const json::value* found = object.get_object().if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::optional<std::string> text_of(const json::value& object, std::string_view name) {
  const json::value* found = member_of(object, name);
  if (found == nullptr || !found->is_string() || found->get_string().empty()) return std::nullopt;
  return std::string(found->get_string());
}

std::optional<std::string> id_of(const json::value& object, std::string_view name) {
  const json::value* found = member_of(object, name);
  if (found == nullptr) return std::nullopt;
  if (found->is_int64() || found->is_uint64()) return json::serialize(*found);
  return text_of(object, name);
}

bool flag_of(const json::value& object, std::string_view name) {
  return told_flag_of(object, name).value_or(false);
}

std::optional<bool> told_flag_of(const json::value& object, std::string_view name) {
  const json::value* found = member_of(object, name);
  return found != nullptr && found->is_bool() ? std::optional(found->get_bool()) : std::nullopt;
}

std::optional<Time> time_of(const json::value& object, std::string_view name) {
  const auto text = text_of(object, name);
  return text ? parse_time(*text) : std::nullopt;
}

const json::array* list_of(const json::value& value) {
  return value.is_array() ? &value.get_array() : nullptr;
}

std::vector<std::string> texts_of(const json::value* list) {
  std::vector<std::string> texts;
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::value& item : list->get_array()) {
    if (item.is_string() && texts.size() < most_texts) texts.emplace_back(item.get_string());
  }
  return texts;
}

std::string message_of(const http::Reply& reply, const Target& target) {
  boost::system::error_code wrong;
  const json::value body = parse_json(reply.body, wrong);
  if (wrong) return "";
  for (const char* name : {"message", "error_description", "error"}) {
    auto text = text_of(body, name);
    const json::value* inner = member_of(body, name);
    if (!text && inner != nullptr) text = text_of(*inner, "message");
    if (text) return shown(*std::move(text), target);
  }
  return "";
}

std::string shown(std::string text, const Target& target) {
  if (text.size() > longest_looked_at) text.resize(longest_looked_at);
  return one_line(cleaned(std::move(text), target));
}

std::string cleaned(std::string text, const Target& target) {
  if (!target.token) return text;
  return http::Sanitizer(target.token->reveal()).clean(std::move(text));
}

std::vector<std::string> shown(std::vector<std::string> words, const Target& target) {
  for (std::string& word : words) word = shown(std::move(word), target);
  return words;
}

ForgeAccount cleaned(ForgeAccount account, const Target& target) {
  for (auto* text : {&account.login, &account.display_name, &account.email}) {
    if (*text) *text = cleaned(**text, target);
  }
  account.id = cleaned(std::move(account.id), target);
  for (std::string& email : account.own_emails) email = cleaned(std::move(email), target);
  return account;
}

std::vector<std::string> words_of(std::string_view header) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : ascii(header.substr(0, 4096))) {
    if (c != ',' && c != ' ' && c != ';') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::optional<Error> rate_limit_of(const http::Reply& reply, std::string_view forge) {
  if (reply.status < 400) return std::nullopt;
  const auto pause = http::wanted_pause(reply);
  if (!pause) return std::nullopt;
  return http::rate_limited(forge, *pause);
}

bool is_of_another(const http::Reply& reply, bool marked) {
  if (marked) return false;
  if (reply.status == 401 || reply.status == 407) return true;
  return (reply.status == 403 || reply.status == 451) && !reply.is_json();
}

Error answered_by_another(const http::Reply& reply, const Target& target, std::string_view forge) {
  if (reply.status >= 300 && reply.status < 400) return unexpected(reply, target, forge);
  const std::string maker = maker_of(reply, target);
  const bool page = reply.header("content-type").find("html") != std::string_view::npos;
  return {.code = Errc::forge_error,
          .message = fmt::format("A gateway{} answered in place of {}{} (status {}).",
                                 maker.empty() ? "" : " (" + maker + ")", forge,
                                 page ? " with a web page" : "", reply.status),
          .hint = "Sign in to the gateway or proxy first. This says nothing about the token."};
}

std::optional<Time> believable_expiry(std::optional<Time> expiry, std::string_view forge) {
  // In seconds: in the clock's nanoseconds the year 9999 has no place.
  if (!expiry || *expiry > std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()))
    return expiry;
  spdlog::warn("{} took a token and says that it expired at {}: the date is ignored", forge,
               rfc3339(*expiry));
  return std::nullopt;
}

Error unexpected(const http::Reply& reply, const Target& target, std::string_view forge) {
  const std::string why = because(message_of(reply, target));
  if (reply.status >= 500) {
    return {.code = Errc::forge_error,
            .message = fmt::format("{} reports an error of its own (status {}){}.", forge, reply.status, why),
            .hint = "Try again later."};
  }
  const auto elsewhere = origin_of(reply.header("location"));
  if (reply.status >= 300 && reply.status < 400 && elsewhere) {
    return {.code = Errc::forge_error,
            .message = fmt::format("{} points to {} instead of answering; the token does not go there.",
                                   forge, shown(elsewhere->text(), target)),
            .hint = "If it has moved there, that is the address to give."};
  }
  return {.code = Errc::forge_error,
          .message = fmt::format("{} sent an unexpected answer (status {}){}.", forge, reply.status, why)};
}

std::string first_line(std::string_view message) {
  std::string_view line = message.substr(0, message.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

std::string because(const std::string& said) { return said.empty() ? "" : ": " + said; }

std::string without_user(std::string url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const auto at = url.rfind('@', url.find('/', scheme + 3));
  if (at != std::string::npos && at > scheme) url.erase(scheme + 3, at - scheme - 2);
  return url;
}

std::string page_size(std::size_t limit) { return std::to_string(std::clamp<std::size_t>(limit, 1, 100)); }

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace forgelink::forges
