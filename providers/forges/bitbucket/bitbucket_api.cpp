// SPDX-License-Identifier: MIT
#include "providers/forges/bitbucket/bitbucket_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "providers/forges/json_text.hpp"

namespace forgelink::forges::bitbucket {
namespace {

std::string listed(const std::vector<std::string>& words) {
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
}

Error refused_token(const http::Reply& reply, const Target& target) {
  const std::string whose = target.email && !is_bitbucket_access_token(target) ? " for " + *target.email : "";
  return {
      .code = Errc::token_rejected,
      .message = fmt::format("Bitbucket refused the token{}{}.", whose, because(message_of(reply, target))),
      .hint =
          "It must be an API token with scopes for Bitbucket (a plain Atlassian one does not do), not "
          "expired, and "
          "the email that of the Atlassian account it belongs to.",
      .url = bitbucket_token_page};
}

// The best refusal of all forges: it says what is wanted and what is there.
Error forbidden(const http::Reply& reply, const Target& target) {
  boost::system::error_code wrong;
  const json::value body = parse_json(reply.body, wrong);
  const json::value* error = wrong ? nullptr : member_of(body, "error");
  const json::value* detail = error != nullptr ? member_of(*error, "detail") : nullptr;
  if (detail != nullptr && member_of(*detail, "required") != nullptr) {
    const auto required = shown(texts_of(member_of(*detail, "required")), target),
               granted = shown(texts_of(member_of(*detail, "granted")), target);
    return {.code = Errc::scope_missing,
            .message = fmt::format("The token lacks a scope: Bitbucket wants {}; it has {}.",
                                   listed(required), listed(granted)),
            .hint = "Scopes cannot be added later: make a new token and use it.",
            .url = bitbucket_token_page,
            .details = {{"required", json::value_from(required)}, {"granted", json::value_from(granted)}}};
  }
  const std::string said = message_of(reply, target);
  return {.code = Errc::forge_error,
          .message = fmt::format("Bitbucket refuses this: {}.", said.empty() ? "no reason given" : said)};
}

}  // namespace

bool is_bitbucket_access_token(const Target& target) {
  return target.token && target.token->reveal().starts_with("ATCTT");
}

std::string bitbucket_web(const Target& target) { return target.endpoints->of("bitbucket", "web"); }
std::string bitbucket_api(const Target& target) { return target.endpoints->of("bitbucket", "api"); }

http::Request bitbucket_request(const Target& target, std::string url) {
  using Scheme = http::Authorization::Scheme;
  // REST wants the email beside an API token, where git refuses it (docs/forges.md 5.3).
  const bool bearer = target.oauth || is_bitbucket_access_token(target);
  return {.url = std::move(url),
          .headers = {{"Accept", "application/json"}},
          .authorization = {.scheme = bearer ? Scheme::bearer : Scheme::basic,
                            .user = bearer ? "" : target.email.value_or(""),
                            .secret = target.token},
          .follow_within_origin = true,  // a repository that was moved
          .connection = target.connection};
}

bool bitbucket_marks(const http::Reply& reply) {
  return reply.is_json() || reply.header("www-authenticate").find("Bitbucket") != std::string_view::npos;
}

Error bitbucket_refusal(const http::Reply& reply, const Target& target) {
  if (auto limited = rate_limit_of(reply, forge)) return *std::move(limited);
  if (is_of_another(reply, bitbucket_marks(reply))) return answered_by_another(reply, target, forge);
  switch (reply.status) {
    case 401:
      return refused_token(reply, target);
    case 403:
      return forbidden(reply, target);
    case 404:
      return {.code = Errc::not_found, .message = "Bitbucket: not found or not visible to this token."};
    case 410:
      return {.code = Errc::forge_error,
              .message =
                  fmt::format("Bitbucket has removed what was asked{}.", because(message_of(reply, target))),
              .hint = "A newer Forgelink may know the way."};
    default:
      return unexpected(reply, target, forge);
  }
}

}  // namespace forgelink::forges::bitbucket
