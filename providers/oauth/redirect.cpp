// SPDX-License-Identifier: MIT
#include "providers/oauth/redirect.hpp"

#include <map>
#include <vector>

#include "base/url.hpp"

namespace forgelink {
namespace {

constexpr std::size_t longest_query = 8192;
constexpr std::size_t longest_error = 100, longest_description = 2000;

Error refused(std::string message) {
  return {.code = Errc::invalid_params,
          .message = std::move(message),
          .hint = "Paste the whole address that the browser ended at."};
}

// application/x-www-form-urlencoded, as redirects carry it. Nothing for a repeated name or a wrong escape.
using Parameters = std::map<std::string, Secret, std::less<>>;
std::optional<Parameters> parameters_of(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    std::string spaced(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    for (char& c : spaced) c = c == '+' ? ' ' : c;
    const auto name = percent_decoded(pair.substr(0, equals));
    const auto value = percent_decoded(spaced);
    // RFC 6749 section 3.1: no parameter comes twice.
    if (!name || !value || !parameters.try_emplace(*name, Secret(*value)).second) return std::nullopt;
  }
  return parameters;
}

}  // namespace

bool is_issuer(std::string_view iss, std::string_view expected) {
  const auto star = expected.find('*');
  if (star == std::string_view::npos) return iss == expected;
  const std::string_view before = expected.substr(0, star), after = expected.substr(star + 1);
  if (iss.size() <= before.size() + after.size() || !iss.starts_with(before) || !iss.ends_with(after))
    return false;
  const std::string_view segment = iss.substr(before.size(), iss.size() - before.size() - after.size());
  return segment.find('/') == std::string_view::npos;
}

bool belongs_to(std::string_view query, const SignInRequest& request) {
  if (query.size() > longest_query) return false;
  const std::optional<Parameters> parameters = parameters_of(query);
  if (!parameters) return false;
  const auto state = parameters->find("state");
  return state != parameters->end() && state->second.equals(*request.state);
}

Result<RedirectAnswer> parse_redirect_query(std::string_view query, const SignInRequest& request) {
  if (query.size() > longest_query) return refused("The redirect is too long.");
  auto parameters = parameters_of(query);
  if (!parameters) return refused("The redirect is not well-formed.");
  const auto take = [&](std::string_view name) -> const Secret* {
    const auto found = parameters->find(name);
    return found == parameters->end() || found->second.empty() ? nullptr : &found->second;
  };
  const Secret* state = take("state");
  if (state == nullptr || !state->equals(*request.state))
    return refused("The redirect does not belong to this sign-in.");
  // RFC 9207: else the code of another server could be sent to this one. Not every forge says it.
  const Secret* iss = take("iss");
  if (iss != nullptr && !is_issuer(iss->reveal(), request.issuer))
    return refused("The redirect comes from another server than the one asked.");
  const Secret* code = take("code");
  const Secret* error = take("error");
  if ((code == nullptr) == (error == nullptr))
    return refused("The redirect holds neither a code nor a reason.");
  if (error != nullptr) {
    const Secret* description = take("error_description");
    return RedirectAnswer{
        .code = {},
        .error = std::string(error->reveal().substr(0, longest_error)),
        .description =
            std::string(description != nullptr ? description->reveal().substr(0, longest_description) : "")};
  }
  return RedirectAnswer{.code = code->duplicate()};
}

Result<RedirectAnswer> parse_redirect_url(std::string_view url, const SignInRequest& request) {
  while (!url.empty() && (url.front() == ' ' || url.front() == '\t')) url.remove_prefix(1);
  while (!url.empty() &&
         (url.back() == ' ' || url.back() == '\n' || url.back() == '\r' || url.back() == '\t'))
    url.remove_suffix(1);
  const auto query = url.find('?');
  if (query == std::string_view::npos) return refused("This is not a redirect address: it holds no code.");
  if (url.substr(0, query) != request.redirect_uri)
    return refused("This address is not the one that this sign-in waits for: " + request.redirect_uri + ".");
  const std::string_view rest = url.substr(query + 1);
  return parse_redirect_query(rest.substr(0, rest.find('#')), request);
}

}  // namespace forgelink
