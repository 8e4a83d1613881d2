#include "providers/forges/reply_reader.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace forgelink::forges {
namespace {

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, 300))
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  // Not in the middle of a character.
  while (line.ends_with('.') || line.ends_with(' ')) line.pop_back();  // it becomes part of a sentence
  while (!line.empty() && line.size() == 300 && (static_cast<unsigned char>(line.back()) & 0x80) != 0)
    line.pop_back();
  return line;
}

}  // namespace

Result<json::value> json_of(const http::Reply& reply, std::string_view forge) {
  boost::system::error_code wrong;
  if (reply.is_json()) {
    json::value value = json::parse(reply.body, wrong);
    if (!wrong) return value;
  }
  return Error{
      .code = Errc::forge_error,
      .message = fmt::format(
          "{} answered with something that is not the JSON it promises (status {}, {}).", forge, reply.status,
          reply.header("content-type").empty() ? "no content type" : one_line(reply.header("content-type")))};
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
    if (item.is_string()) texts.emplace_back(item.get_string());
  }
  return texts;
}

std::string message_of(const http::Reply& reply) {
  boost::system::error_code wrong;
  const json::value body = json::parse(reply.body, wrong);
  if (wrong)
    return reply.header("content-type").find("html") == std::string_view::npos ? one_line(reply.body) : "";
  for (const char* name : {"message", "error_description", "error"}) {
    if (const auto text = text_of(body, name)) return one_line(*text);
    if (const json::value* inner = member_of(body, name)) {
      if (const auto text = text_of(*inner, "message")) return one_line(*text);
    }
  }
  return "";
}

std::string next_link(const http::Reply& reply) {
  std::string_view rest = reply.header("link");
  while (!rest.empty()) {
    const auto open = rest.find('<');
    const auto close = rest.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return "";
    const std::string_view url = rest.substr(open + 1, close - open - 1);
    const auto after = rest.find('<', close);
    const std::string_view parameters =
        rest.substr(close, after == std::string_view::npos ? after : after - close);
    if (parameters.find("rel=\"next\"") != std::string_view::npos ||
        parameters.find("rel=next") != std::string_view::npos)
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
  for (const char c : header) {
    if (c != ',' && c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

Error unexpected(const http::Reply& reply, std::string_view forge) {
  const std::string message = message_of(reply);
  if (reply.status >= 500) {
    return {.code = Errc::forge_error,
            .message = fmt::format("{} has trouble of its own (status {}){}{}.", forge, reply.status,
                                   message.empty() ? "" : ": ", message),
            .hint = "Try again later."};
  }
  return {.code = Errc::forge_error,
          .message = fmt::format("{} gave an answer that nobody expects (status {}){}{}.", forge,
                                 reply.status, message.empty() ? "" : ": ", message)};
}

std::string first_line(std::string_view message) {
  std::string_view line = message.substr(0, message.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

}  // namespace forgelink::forges
