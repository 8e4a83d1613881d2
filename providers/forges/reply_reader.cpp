// SPDX-License-Identifier: MIT
#include "providers/forges/reply_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/http/forge_client.hpp"

namespace forgelink::forges {
namespace {

constexpr std::size_t longest_message = 300;
constexpr std::size_t most_texts = 200;  // of scopes no token has nearly as many

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

// A server that repeats what it was asked must not bring the token into an error.
std::string without_token(std::string text, const Target& target) {
  if (!target.token || target.token->size() < 6) return text;
  for (auto at = text.find(target.token->reveal()); at != std::string::npos;
       at = text.find(target.token->reveal())) {
    text.replace(at, target.token->size(), "…");
  }
  return text;
}

}  // namespace

Result<json::value> json_of(const http::Reply& reply, std::string_view forge) {
  boost::system::error_code wrong;
  if (reply.is_json()) {
    json::value value = json::parse(reply.body, wrong);
    if (!wrong) return value;
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
  const json::value* found = member_of(object, name);
  return found != nullptr && found->is_bool() && found->get_bool();
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
  const json::value body = json::parse(reply.body, wrong);
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
  return one_line(without_token(std::move(text), target));
}

std::vector<std::string> shown(std::vector<std::string> words, const Target& target) {
  for (std::string& word : words) word = shown(std::move(word), target);
  return words;
}

std::string link_to(std::string_view relation, const http::Reply& reply) {
  const std::string quoted = fmt::format("rel=\"{}\"", relation), plain = fmt::format("rel={}", relation);
  std::string_view rest = reply.header("link");
  while (!rest.empty()) {
    const auto open = rest.find('<');
    const auto close = rest.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return "";
    const std::string_view url = rest.substr(open + 1, close - open - 1);
    const auto after = rest.find('<', close);
    const std::string_view parameters =
        rest.substr(close, after == std::string_view::npos ? after : after - close);
    if (parameters.find(quoted) != std::string_view::npos || parameters.find(plain) != std::string_view::npos)
      return std::string(url);
    rest = after == std::string_view::npos ? std::string_view() : rest.substr(after);
  }
  return "";
}

Result<std::string> checked_next(std::string next, std::string_view root, std::string_view forge) {
  if (next.empty()) return next;
  const auto origin = origin_of(next);
  if (origin && origin == origin_of(root)) return next;
  return Error{
      .code = Errc::forge_error,
      .message = fmt::format(
          "{} points to another server for the rest of the list; the token does not go there.", forge)};
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
  return http::left_alone(forge, *pause);
}

Error unexpected(const http::Reply& reply, const Target& target, std::string_view forge) {
  const std::string why = because(message_of(reply, target));
  if (reply.status >= 500) {
    return {.code = Errc::forge_error,
            .message = fmt::format("{} has trouble of its own (status {}){}.", forge, reply.status, why),
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
          .message =
              fmt::format("{} gave an answer that nobody expects (status {}){}.", forge, reply.status, why)};
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
