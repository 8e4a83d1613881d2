// SPDX-License-Identifier: MIT
#include "providers/forges/forgejo/forgejo_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "providers/forges/json_text.hpp"

namespace forgelink::forges::forgejo {
namespace {

// "token does not have at least one of required scope(s): [read:user]": what stands in the brackets.
std::vector<std::string> scopes_in(const std::string& said) {
  const auto mark = said.find("required scope");
  const auto open = mark == std::string::npos ? mark : said.find('[', mark);
  const auto close = open == std::string::npos ? open : said.find(']', open);
  if (close == std::string::npos) return {};
  return words_of(said.substr(open + 1, close - open - 1));
}

Error forbidden(const http::Reply& reply, const Target& target) {
  const std::string said = message_of(reply, target);
  const std::vector<std::string> needed = scopes_in(said);
  const bool about_token = !needed.empty() || said.find("token") != std::string::npos;
  if (!about_token) {
    return {.code = Errc::forge_error,
            .message = fmt::format("Forgejo refuses this: {}.", said.empty() ? "no reason given" : said)};
  }
  return {.code = Errc::scope_missing,
          .message = needed.empty()
                         ? fmt::format("The token may not do this{}.", because(said))
                         : fmt::format("The token may not do this; one of these scopes is needed: {}.",
                                       fmt::join(needed, ", ")),
          .hint = "Make a token with that scope and use it.",
          .url = token_page(target),
          .details = {{"required", json::value_from(needed)}}};
}

}  // namespace

std::string api_root(const Target& target) { return target.server_url.value_or("") + "/api/v1"; }

http::Request request_to(const Target& target, std::string url) {
  return {
      .url = std::move(url),
      .headers = {{"Accept", "application/json"}},
      .authorization = {.scheme = http::Authorization::Scheme::bearer, .user = "", .secret = target.token},
      .follow_within_origin = true,  // a repository that was renamed
      .connection = target.connection};
}

std::string token_page(const Target& target) {
  return target.server_url.value_or("{server_url}") + "/user/settings/applications";
}

Error not_a_forgejo(const http::Reply& reply, const Target& target) {
  const auto origin = origin_of(target.server_url.value_or(""));
  const std::string root = origin ? origin->text() : "";
  return {.code = Errc::forge_error,
          .message = fmt::format("There is no Forgejo or Gitea at {}: its API is not there (status {}).",
                                 target.server_url.value_or(""), reply.status),
          .field = "server_url",
          .hint = fmt::format("Give the server alone, as {}, with its sub-path if it has one.", root)};
}

bool marks_own_answer(const http::Reply& reply) {
  boost::system::error_code wrong;
  const json::value body = parse_json(reply.body, wrong);
  return !wrong && (text_of(body, "url").has_value() || text_of(body, "message").has_value());
}

Error refusal_of(const http::Reply& reply, const Target& target) {
  if (auto limited = rate_limit_of(reply, forge)) return *std::move(limited);
  if (is_of_another(reply, marks_own_answer(reply))) return answered_by_another(reply, target, forge);
  switch (reply.status) {
    case 401:
      return {.code = Errc::token_rejected,
              .message = "Forgejo refused the token: it is wrong, has expired or was revoked.",
              .hint = "Create a new one and use it.",
              .url = token_page(target)};
    case 403:
      return forbidden(reply, target);
    case 404:
      if (!reply.is_json()) return not_a_forgejo(reply, target);
      return {.code = Errc::not_found, .message = "Forgejo: not found or not visible to this token."};
    default:
      return unexpected(reply, target, forge);
  }
}

}  // namespace forgelink::forges::forgejo
