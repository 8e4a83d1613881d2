// SPDX-License-Identifier: MIT
#include "providers/typed_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/server_url.hpp"

namespace forgelink {
namespace {

// U+00A0, which pages put into what is copied from them.
constexpr std::string_view no_break_space = "\u00a0";

std::string_view without_blanks(std::string_view text) {
  for (std::size_t before = text.size() + 1; before != text.size();) {
    before = text.size();
    text = trimmed(text);
    if (text.starts_with(no_break_space)) text.remove_prefix(no_break_space.size());
    if (text.ends_with(no_break_space)) text.remove_suffix(no_break_space.size());
  }
  return text;
}

// An address or mention in place of the name is cut to it: "https://git.example/octo-dev", "@octo-dev".
Result<> normalise_username(std::optional<std::string>& username) {
  if (!username) return {};
  if (username->find("://") != std::string::npos) {
    while (username->ends_with('/')) username->pop_back();
    const std::string name = username->substr(username->rfind('/') + 1);
    const bool page = username->find('/', username->find("://") + 3) != std::string::npos;
    if (page && !name.empty()) username = name;
  }
  if (username->starts_with('@')) username->erase(0, 1);
  // RFC 7617, section 2: the user-id of Basic ends at the first colon.
  if (username->empty() || username->find(':') != std::string::npos) {
    return invalid("username", "This is no user name: it holds a colon.",
                   "Give the name alone, as octo-dev.");
  }
  return {};
}

std::string_view help_of(const Provider& provider, std::string_view name) {
  for (const Field& field : provider.fields) {
    if (field.name == name) return field.help;
  }
  return "";
}

bool requires_field(const Provider& provider, std::string_view name) {
  return std::any_of(provider.fields.begin(), provider.fields.end(),
                     [&](const Field& field) { return field.name == name && field.required; });
}

// A cloud type has one server: naming that one says nothing new, wherever the settings point.
bool is_own_server(const Provider& provider, const std::string& url, const TypedFields& fields,
                   const Endpoints& endpoints) {
  const Endpoints real;
  for (const Endpoints* known : {&endpoints, &real}) {
    const Target plain{.endpoints = known, .organization = fields.organization};
    for (const std::string& root : provider.git_roots(plain)) {
      if (origin_of(root) == origin_of(url)) return true;
    }
  }
  return false;
}

// Another type's forge, by marks that only it has.
std::optional<Error> claimed(const Provider& provider, std::string_view typed) {
  for (const Provider& other : providers()) {
    if (other.id == provider.id || other.claims_server == nullptr) continue;
    if (auto error = other.claims_server(typed)) return error;
  }
  return std::nullopt;
}

Result<> normalise_server(const Provider& provider, TypedFields& fields, const Endpoints& endpoints,
                          bool allow_http) {
  if (!fields.server_url) {
    if (!provider.self_hosted) return {};
    return Error{.code = Errc::server_url_required,
                 .message = fmt::format("{} needs the address of its server.", provider.label),
                 .field = "server_url",
                 .hint = fmt::format("As {}.", provider.server_example)};
  }
  if (auto error = claimed(provider, *fields.server_url)) return *std::move(error);
  Result<std::string> normal = normal_server_url(*fields.server_url, allow_http);
  if (!normal) return normal.error();
  if (!provider.self_hosted) {
    if (!is_own_server(provider, *normal, fields, endpoints)) {
      if (provider.refuse_server != nullptr) return provider.refuse_server();
      return invalid("server_url", fmt::format("{} has no server of its own to name.", provider.label));
    }
    fields.server_url.reset();
    return {};
  }
  if (provider.server_root != nullptr) {
    normal = provider.server_root(*parse_web_address(*normal));
    if (!normal) return normal.error();
  }
  fields.server_url = *normal;
  return {};
}

bool is_name_of_variable(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_';
  });
}

}  // namespace

Result<> normalise_text(std::optional<std::string>& value, std::string_view field) {
  if (!value) return {};
  value = std::string(without_blanks(*value));
  if (value->empty()) {
    value.reset();
    return {};
  }
  if (!is_utf8(*value) || has_control_code_point(*value))
    return invalid(std::string(field), fmt::format("`{}` holds a character that it cannot hold.", field));
  return check_no_token(*value, field);
}

Result<> check_no_token(std::string_view value, std::string_view field) {
  // A prefix alone may begin a name.
  constexpr std::size_t shortest = 20;
  const std::string_view forge = value.size() < shortest ? "" : forges::forge_by_mark(value);
  if (forge.empty()) return {};
  return invalid(
      std::string(field),
      fmt::format("This looks like a token of {}, and `{}` is shown and written down.", forge, field),
      "Give it as the token. If others may have seen it, revoke it.");
}

Result<> normalise(const Provider& provider, TypedFields& fields, const Endpoints& endpoints, bool allow_http,
                   bool by_sign_in) {
  const std::array all = {std::pair("username", &fields.username), std::pair("email", &fields.email),
                          std::pair("server_url", &fields.server_url),
                          std::pair("organization", &fields.organization)};
  for (const auto& [name, value] : all) {
    Result<> text = normalise_text(*value, name);
    if (!text) return text;
    const bool of_every_type = value == &fields.username || value == &fields.server_url;
    if (*value && !of_every_type && !has_field(provider, name))
      return invalid(name, fmt::format("{} has no `{}`.", provider.label, name));
  }
  Result<> username = normalise_username(fields.username);
  if (!username) return username;
  if (!fields.username && !by_sign_in && requires_field(provider, "username")) {
    return Error{.code = Errc::username_required,
                 .message = fmt::format("A connection to {} needs the user name.", provider.label),
                 .field = "username",
                 .hint = std::string(help_of(provider, "username"))};
  }
  if (provider.check_fields != nullptr) {
    Result<> checked = provider.check_fields(fields, endpoints);
    if (!checked) return checked;
  }
  return normalise_server(provider, fields, endpoints, allow_http);
}

std::optional<Error> more_than_a_token(std::string_view pasted) {
  const auto more = [](const char* what) {
    return invalid("token", fmt::format("This is more than a token: {}.", what), "Paste the token alone.");
  };
  if (pasted.empty()) return std::nullopt;
  for (const char quote : {'"', '\'', '`'}) {
    if (pasted.front() == quote || pasted.back() == quote) return more("it has quotes round it");
  }
  if (pasted.find("://") != std::string_view::npos) return more("it is an address");
  const auto equals = pasted.find('=');
  if (equals != std::string_view::npos && equals + 1 < pasted.size() &&
      is_name_of_variable(pasted.substr(0, equals)))
    return more("it begins with the name of a variable");
  if (pasted.find(':') != std::string_view::npos)
    return more("it holds a colon, as a user name before it has");
  return std::nullopt;
}

}  // namespace forgelink
