// SPDX-License-Identifier: MIT
#include "providers/forges/gitlab/gitlab_tokens.hpp"

#include <fmt/format.h>

#include <array>

#include "providers/forges/gitlab/gitlab_api.hpp"
#include "providers/oauth/oauth_json.hpp"

namespace forgelink::forges::gitlab {
namespace {

using std::chrono::days;

constexpr days longest_life{365};
constexpr const char* self = "/personal_access_tokens/self";

std::string date_of(Time time) { return rfc3339(time).substr(0, 10); }

awaitable<Result<bool>> revoke(http::Client& client, Target target, SharedSecret) {
  http::Request request = gitlab_request(target, gitlab_api(target) + self);
  request.method = "DELETE";
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 204 || reply->status == 200) co_return true;
  const Error error = gitlab_refusal(*reply, target);
  if (error.code == Errc::token_rejected) co_return true;  // dead already
  co_return error;
}

std::string token_list_page(const Target& target) {
  return gitlab_root(target) + "/-/user_settings/personal_access_tokens";
}

Error may_not_rotate(const Target& target) {
  return {.code = Errc::scope_missing,
          .message = "The token may not renew itself: it has neither the scope self_rotate nor api.",
          .hint = "Make a token with self_rotate and use it.",
          .url = gitlab_token_page(target),
          .details = {{"required", json::array{"self_rotate"}}}};
}

Error no_day(std::string message) {
  return invalid("expires_at", std::move(message), "Give a day within the next year, as 2027-02-01.");
}

// As far as the whole life of the old token; without a word on that, a year.
Time default_end(const json::value& token, Time now) {
  const auto made = time_of(token, "created_at"), ends = time_of(token, "expires_at");
  const days life = made && ends && *ends > *made ? std::chrono::ceil<days>(*ends - *made) : longest_life;
  return std::chrono::floor<days>(now) + std::min(life, longest_life);
}

awaitable<Result<Time>> plan(http::Client& client, Target target, std::optional<Time> wanted, Time now) {
  if (wanted && *wanted <= now) co_return no_day("That day has passed.");
  http::Request request = gitlab_request(target, gitlab_api(target) + self);
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return gitlab_refusal(*reply, target);
  Result<json::value> token = gitlab_json(*reply, target);
  if (!token) co_return token.error();
  const std::vector<std::string> scopes = texts_of(member_of(*token, "scopes"));
  // Told before anything is rotated: the refusal would be the same, but a mark would have been written.
  if (!holds(scopes, "api") && !holds(scopes, "self_rotate")) co_return may_not_rotate(target);
  co_return wanted ? *wanted : default_end(*token, now);
}

// The refusal of a rotation; the body may be read, since a refusal holds no token.
Error rotation_refusal(http::Reply reply, const Target& target) {
  if (reply.secret_body) reply.body = std::string(reply.secret_body->reveal());
  const std::string said = message_of(reply, target);
  if (reply.status == 400 || reply.status == 422)
    return no_day(fmt::format("GitLab does not take that day{}.", because(said)));
  if (reply.status == 403) return may_not_rotate(target);
  if (reply.status == 405) {
    return {.code = Errc::renew_unsupported,
            .message = "GitLab renews personal access tokens only.",
            .url = gitlab_token_page(target)};
  }
  return gitlab_refusal(reply, target);
}

awaitable<Result<RotatedToken>> rotate(http::Client& client, Target target, Time expires_at) {
  // Without a day the new token would live for one week.
  http::Request request = gitlab_request(
      target, with_query(gitlab_api(target) + self + "/rotate", {{"expires_at", date_of(expires_at)}}));
  request.method = "POST";
  request.secret_reply = true;
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200 && reply->status != 201) co_return rotation_refusal(std::move(*reply), target);
  const std::optional<json::value> token = oauth_object(*reply);
  std::optional<Secret> fresh = token ? secret_member(*token, "token") : std::nullopt;
  // Reported like a lost answer, so that TokenRenewer asks about the old token and sends it no second time:
  // GitLab takes that for theft and revokes the new one too (docs/forges.md 4.8).
  if (!fresh) {
    co_return Error{.code = Errc::forge_unreachable,
                    .message = "GitLab's answer to the renewal holds no token.",
                    .hint = "Try again."};
  }
  co_return RotatedToken{.token = std::move(*fresh), .expires_at = time_of(*token, "expires_at")};
}

awaitable<Result<bool>> is_dead(http::Client& client, Target target) {
  http::Request request = gitlab_request(target, gitlab_api(target) + self);
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 200) {
    Result<json::value> token = gitlab_json(*reply, target);
    if (!token) co_return token.error();
    co_return flag_of(*token, "revoked");
  }
  const Error error = gitlab_refusal(*reply, target);
  if (error.code == Errc::token_rejected) co_return true;
  co_return error;
}

}  // namespace

const Revocation& revocation() {
  static const Revocation how{.revoke = revoke, .page = token_list_page};
  return how;
}

const Rotation& rotation() {
  static constexpr std::array<std::string_view, 2> scopes{"api", "self_rotate"};
  static const Rotation how{.plan = plan, .rotate = rotate, .is_dead = is_dead, .scopes = scopes};
  return how;
}

}  // namespace forgelink::forges::gitlab
