// SPDX-License-Identifier: MIT
#include "providers/forges/bitbucket_data_center/data_center_api.hpp"

#include <fmt/format.h>

#include "providers/forges/json_text.hpp"

namespace forgelink::forges::bitbucket_data_center {
namespace {

// {"errors": [{"context", "message", "exceptionName"}]}
std::string first_error(const http::Reply& reply, std::string_view member) {
  boost::system::error_code wrong;
  const json::value body = parse_json(reply.body, wrong);
  const json::value* errors = wrong ? nullptr : member_of(body, "errors");
  const json::array* list = errors != nullptr ? list_of(*errors) : nullptr;
  if (list == nullptr || list->empty()) return "";
  return text_of(list->front(), member).value_or("");
}

Error refused_token(const Target& target, const std::string& why) {
  return {
      .code = Errc::token_rejected,
      .message = fmt::format("Bitbucket refused the token: it is wrong, has expired or was revoked{}.", why),
      .hint = "Make a new HTTP access token and use it.",
      .url = token_page(target)};
}

}  // namespace

std::string rest_root(const Target& target) { return target.server_url.value_or("") + "/rest/api/latest"; }

// Bearer holds for every kind of token, Basic only for those of a person
// (https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html).
http::Request request_to(const Target& target, std::string url) {
  return {
      .url = std::move(url),
      .headers = {{"Accept", "application/json"}},
      .authorization = {.scheme = http::Authorization::Scheme::bearer, .user = "", .secret = target.token},
      .follow_within_origin = true,  // a repository that was moved
      .connection = target.connection};
}

std::string token_page(const Target& target) {
  return target.server_url.value_or("{server_url}") + "/plugins/servlet/access-tokens/manage";
}

bool marks_own_answer(const http::Reply& reply) {
  return !reply.header("x-arequestid").empty() ||
         reply.header("www-authenticate").find("Atlassian Bitbucket") != std::string_view::npos;
}

Error refusal_of(const http::Reply& reply, const Target& target) {
  if (auto limited = rate_limit_of(reply, forge)) return *std::move(limited);
  if (is_of_another(reply, marks_own_answer(reply))) return answered_by_another(reply, target, forge);
  const std::string why = because(shown(first_error(reply, "message"), target));
  switch (reply.status) {
    case 401:
      return refused_token(target, why);
    case 403:
      return {.code = Errc::scope_missing,
              .message = fmt::format("The token or its account may not do this{}.", why),
              .hint = "The token needs the right to write to repositories, the account access to them.",
              .url = token_page(target),
              .details = {{"required", json::array{"REPO_WRITE"}}}};
    case 404:
      if (first_error(reply, "message").empty()) {
        return {
            .code = Errc::forge_error,
            .message = fmt::format("There is no Bitbucket at {}: its API is not there (status 404).",
                                   target.server_url.value_or("")),
            .field = "server_url",
            .hint = "Is the address complete? A Bitbucket may live below a path, as https://host/bitbucket."};
      }
      return {.code = Errc::not_found,
              .message = "Bitbucket: not found or not visible to this token.",
              .details = {{"exception", first_error(reply, "exceptionName")}}};
    default:
      return unexpected(reply, target, forge);
  }
}

Result<Values> values_of(const http::Reply& reply, const Target& target, std::int64_t start) {
  Result<json::value> body = json_of(reply, forge);
  if (!body) return body.error();
  const json::value* values = member_of(*body, "values");
  if (values == nullptr || !values->is_array()) return unexpected(reply, target, forge);
  Values page{.items = values->get_array()};
  if (flag_of(*body, "isLastPage")) return page;
  const json::value* next = member_of(*body, "nextPageStart");
  if (next == nullptr || !next->is_int64()) return page;
  if (next->get_int64() <= start) {
    return Error{.code = Errc::forge_error,
                 .message = "Bitbucket goes round in circles: the next page of a list is one that was read."};
  }
  page.next = next->get_int64();
  return page;
}

}  // namespace forgelink::forges::bitbucket_data_center
