// SPDX-License-Identifier: MIT
#include "clients/git_credential/credential_input.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace forgelink {
namespace {

namespace json = boost::json;

bool is_true(std::string_view value) {
  return value == "1" || value == "true" || value == "yes" || value == "on";
}

// The parameter of the protocol that a list of git's becomes; "" for one we have no use for.
std::string_view list_name(std::string_view key) {
  if (key == "wwwauth[]") return "wwwauth";
  if (key == "capability[]") return "capabilities";
  return "";
}

bool is_text(std::string_view key) {
  constexpr std::string_view keys[] = {
      "protocol", "host", "path", "username", "password", "oauth_refresh_token", "authtype", "credential"};
  return std::find(std::begin(keys), std::end(keys), key) != std::end(keys);
}

void set(json::object& params, std::string_view key, std::string_view value) {
  if (is_text(key)) {
    params[key] = value;
  } else if (key == "password_expiry_utc") {
    std::int64_t seconds = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    // What is no number means no end, as git has it.
    if (failed == std::errc() && end == value.data() + value.size()) params[key] = seconds;
  } else if (key == "ephemeral") {
    params[key] = is_true(value);
  } else if (const std::string_view list = list_name(key); !list.empty()) {
    json::value& values = params[list];
    // An empty value takes away what came before (git-credential(1)).
    if (!values.is_array() || value.empty()) values = json::array();
    json::array& all = values.get_array();
    if (!value.empty() && value.size() <= longest_list_value && all.size() < most_list_values)
      all.emplace_back(value);
  }
}

}  // namespace

bool is_clean(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::optional<CredentialInput> parse_credential(std::string_view input, std::string& why) {
  CredentialInput parsed;
  if (input.size() > longest_credential_input) {
    why = "git's request is longer than any credential.";
    return std::nullopt;
  }
  while (!input.empty()) {
    const auto newline = input.find('\n');
    const std::string_view line = input.substr(0, newline);
    input.remove_prefix(newline == std::string_view::npos ? input.size() : newline + 1);
    if (line.empty()) break;
    const auto equals = line.find('=');
    if (line.size() + 1 > longest_credential_line) {
      why = "A line of git's request is too long.";
    } else if (equals == std::string_view::npos || equals == 0) {
      why = "A line of git's request has no key and value.";
    } else if (!is_clean(line)) {
      why = "git's request holds a control character, which no address has.";
    } else if (!is_utf8(line)) {
      why = "git's request is not UTF-8 text.";
    } else {
      set(parsed.params, line.substr(0, equals), line.substr(equals + 1));
      parsed.is_empty = false;
      continue;
    }
    return std::nullopt;
  }
  return parsed;
}

}  // namespace forgelink
