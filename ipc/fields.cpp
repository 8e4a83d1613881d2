// SPDX-License-Identifier: MIT
#include "ipc/fields.hpp"

#include <algorithm>

namespace forgelink::ipc {
namespace {

constexpr std::size_t longest_text = 255;         // code points
constexpr std::size_t longest_secret = 16 << 10;  // bytes

Error wrong_type(const std::string& name, std::string_view right) {
  return invalid(name, '`' + name + "` must be " + std::string(right) + ".");
}

// The parser has made sure that it is UTF-8, so code points are the bytes that continue none.
std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Refusal decode_text(const json::value& from, std::string& into, std::size_t longest,
                    const std::string& name) {
  if (!from.is_string()) return wrong_type(name, "a text");
  const json::string& text = from.get_string();
  if (code_points(text) > longest) {
    return invalid(name, '`' + name + "` is too long: at most " + std::to_string(longest) + " characters.");
  }
  if (text.find('\0') != json::string::npos)
    return invalid(name, '`' + name + "` holds a control character.");
  into.assign(text.data(), text.size());
  return std::nullopt;
}

// As a JSON string. Most texts hold nothing that needs an escape.
void encode_text(std::string_view text, std::string& into) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
  });
  if (plain) {
    into.append(1, '"').append(text).append(1, '"');
  } else {
    into += json::serialize(text);
  }
}

}  // namespace

Refusal decode(const json::value& from, std::string& into, const std::string& name) {
  return decode_text(from, into, longest_text, name);
}

Refusal decode(const json::value& from, LongText& into, const std::string& name) {
  return decode_text(from, into.value, LongText::most, name);
}

Refusal decode(const json::value& from, BodyText& into, const std::string& name) {
  if (!from.is_string()) return wrong_type(name, "a text");
  const json::string& text = from.get_string();
  if (text.size() > BodyText::most) return invalid(name, '`' + name + "` is too long: at most 1 MiB.");
  into.value.assign(text.data(), text.size());
  return std::nullopt;
}

Refusal decode(const json::value& from, json::object& into, const std::string& name) {
  if (!from.is_object()) return wrong_type(name, "an object");
  into = from.get_object();
  return std::nullopt;
}

Refusal decode(const json::value& from, bool& into, const std::string& name) {
  if (!from.is_bool()) return wrong_type(name, "true or false");
  into = from.get_bool();
  return std::nullopt;
}

Refusal decode(const json::value& from, std::int64_t& into, const std::string& name) {
  boost::system::error_code inexact;
  // Takes 5.0 as well: JSON has one kind of number (RFC 8259 section 6).
  into = from.to_number<std::int64_t>(inexact);
  if (inexact) return wrong_type(name, "a whole number");
  return std::nullopt;
}

Refusal decode(const json::value& from, Limit& into, const std::string& name) {
  if (Refusal refusal = decode(from, into.value, name)) return refusal;
  if (into.value < Limit::least || into.value > Limit::most) return wrong_type(name, "from 1 to 1000");
  return std::nullopt;
}

Refusal decode(const json::value& from, Secret& into, const std::string& name) {
  if (!from.is_string()) return wrong_type(name, "a text");
  const json::string& text = from.get_string();
  if (text.size() > longest_secret) return invalid(name, '`' + name + "` is too long: at most 16 KiB.");
  into = Secret(std::string_view(text.data(), text.size()));
  return std::nullopt;
}

Refusal decode(const json::value& from, Time& into, const std::string& name) {
  const auto time = from.is_string() ? parse_time(from.get_string()) : std::nullopt;
  if (!time) return wrong_type(name, "a time as 2027-02-01T00:00:00Z, or a date as 2027-02-01");
  into = *time;
  return std::nullopt;
}

void encode(const std::string& from, std::string& into) { encode_text(from, into); }

void encode(bool from, std::string& into) { into += from ? "true" : "false"; }

void encode(std::int64_t from, std::string& into) { into += std::to_string(from); }

void encode(Time from, std::string& into) { encode_text(rfc3339(from), into); }

void encode(const HandedOut& from, std::string& into) { encode_text(from.secret.reveal(), into); }

void encode(const json::object& from, std::string& into) { into += json::serialize(from); }

}  // namespace forgelink::ipc
