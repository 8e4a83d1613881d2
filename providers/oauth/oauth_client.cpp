// SPDX-License-Identifier: MIT
#include "providers/oauth/oauth_client.hpp"

#include <fmt/format.h>

#include "base/url.hpp"
#include "providers/forges/reply_reader.hpp"
#include "providers/oauth/oauth_errors.hpp"
#include "providers/oauth/oauth_json.hpp"
#include "providers/oauth/pkce.hpp"

namespace forgelink {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto longest_device_code = 1h;
constexpr auto longest_interval = 60s;
constexpr std::size_t longest_user_code = 64;

bool may_pass(Errc code) { return code == Errc::forge_unreachable || code == Errc::rate_limited; }

Error trouble_of_its_own(const OAuthServer& server, unsigned status) {
  return {.code = Errc::forge_error,
          .message = fmt::format("{}'s sign-in reports an error of its own (status {}).",
                                 server.dialect->name, status),
          .hint = "Try again later."};
}

Error no_answer(const OAuthServer& server, unsigned status) {
  return {.code = Errc::forge_error,
          .message = fmt::format("{}'s sign-in sent an unexpected answer (status {}).", server.dialect->name,
                                 status),
          .hint = "Try again later."};
}

http::Request post(const OAuthServer& server, const std::string& url, http::Form form) {
  return {.method = "POST",
          .url = url,
          .headers = {{"Accept", "application/json"}},
          .form = std::move(form),
          .connection = server.connection,
          .secret_reply = true};
}

http::Form form_for(const OAuthServer& server) {
  http::Form form;
  form.open = {{"client_id", server.app.client_id}};
  if (server.app.client_secret)
    form.secret.emplace_back("client_secret", server.app.client_secret->duplicate());
  return form;
}

// The pages of a device code that a person is sent to lead to the forge, not to any program's scheme.
bool is_web_page(const std::string& uri) { return origin_of(uri).has_value(); }

Result<DeviceCode> device_code_of(const json::value& value, const OAuthServer& server) {
  std::optional<Secret> device_code = secret_member(value, "device_code");
  const auto user_code = forges::text_of(value, "user_code");
  auto uri = forges::text_of(value, "verification_uri");
  if (!uri) uri = forges::text_of(value, "verification_url");  // Entra's before it followed the RFC
  if (!device_code || !user_code || user_code->size() > longest_user_code || !uri || !is_web_page(*uri)) {
    return Error{
        .code = Errc::forge_error,
        .message = fmt::format("{}'s sign-in answered without a device code.", server.dialect->name)};
  }
  DeviceCode device{.device_code = std::make_shared<const Secret>(std::move(*device_code)),
                    .user_code = *user_code,
                    .verification_uri = *uri};
  const auto complete = forges::text_of(value, "verification_uri_complete");
  // Opened without being read: it must not lead elsewhere than the address that is shown.
  if (complete && origin_of(*complete) == origin_of(*uri)) device.verification_uri_complete = complete;
  device.expires_in =
      std::min<std::chrono::seconds>(seconds_member(value, "expires_in").value_or(900s), longest_device_code);
  device.interval =
      std::min<std::chrono::seconds>(seconds_member(value, "interval").value_or(5s), longest_interval);
  return device;
}

}  // namespace

std::string OAuthClient::authorize_url(const OAuthServer& server, const SignInRequest& request,
                                       const std::string& login) {
  const OAuthDialect& dialect = *server.dialect;
  std::vector<std::pair<std::string, std::string>> query = {{"client_id", server.app.client_id},
                                                            {"response_type", "code"},
                                                            {"redirect_uri", request.redirect_uri},
                                                            {"state", std::string(request.state->reveal())}};
  if (!dialect.scopes.empty()) query.emplace_back("scope", dialect.scopes);
  if (dialect.pkce) {
    query.emplace_back("code_challenge", challenge_of(*request.verifier));
    query.emplace_back("code_challenge_method", "S256");
  }
  query.insert(query.end(), dialect.authorize_parameters.begin(), dialect.authorize_parameters.end());
  if (!dialect.login_parameter.empty() && !login.empty()) query.emplace_back(dialect.login_parameter, login);
  return with_query(server.endpoints.authorize, query);
}

Error OAuthClient::authorization_error(const OAuthServer& server, const RedirectAnswer& answer) {
  const OAuthRefusal refused{
      .step = OAuthStep::authorize, .error = answer.error, .description = answer.description};
  return oauth_error(refused, server);
}

awaitable<TokenAnswer> OAuthClient::ask_for_tokens(OAuthServer server, http::Form form, OAuthStep step) {
  http::Request request = post(server, server.endpoints.token, std::move(form));
  Result<http::Reply> reply = co_await client_.send(std::move(request));
  TokenAnswer answer;
  if (!reply) {
    answer.error = reply.error();
    answer.passing = may_pass(answer.error.code);
    co_return answer;
  }
  const std::optional<json::value> value = oauth_object(*reply);
  // `error` first: GitHub sends it with a 200.
  if (const auto word = value ? forges::text_of(*value, "error") : std::nullopt) {
    const OAuthRefusal refused{.step = step,
                               .error = *word,
                               .description = forges::text_of(*value, "error_description").value_or("")};
    answer.error = oauth_error(refused, server);
    answer.word = *word;
    answer.passing = reply->status >= 500 || is_passing(*word);
    answer.spent = is_spent(server, *word);
    co_return answer;
  }
  if (reply->status >= 500) {
    answer.error = trouble_of_its_own(server, reply->status);
    answer.passing = true;
    co_return answer;
  }
  if (!value) {
    answer.error = no_answer(server, reply->status);
    co_return answer;
  }
  std::optional<Secret> access = secret_member(*value, "access_token");
  if (!access) {
    answer.error = {.code = Errc::forge_error,
                    .message = fmt::format("{}'s sign-in answered without a token.", server.dialect->name)};
    co_return answer;
  }
  OAuthTokens tokens{.access = std::move(*access), .refresh = secret_member(*value, "refresh_token")};
  if (const auto lasts = seconds_member(*value, "expires_in")) tokens.expires_at = clock_.now() + *lasts;
  auto scopes = forges::text_of(*value, "scope");
  if (!scopes) scopes = forges::text_of(*value, "scopes");  // Bitbucket until May 2026
  tokens.scopes = forges::words_of(scopes.value_or(""));
  answer.tokens = std::move(tokens);
  co_return answer;
}

awaitable<TokenAnswer> OAuthClient::exchange_code(OAuthServer server, SignInRequest request,
                                                  SharedSecret code) {
  http::Form form = form_for(server);
  form.open.emplace_back("grant_type", "authorization_code");
  // The same as in the authorization request (RFC 6749 section 4.1.3).
  form.open.emplace_back("redirect_uri", request.redirect_uri);
  form.secret.emplace_back("code", code->duplicate());
  if (server.dialect->pkce) form.secret.emplace_back("code_verifier", request.verifier->duplicate());
  TokenAnswer answer = co_await ask_for_tokens(std::move(server), std::move(form), OAuthStep::exchange);
  co_return answer;
}

awaitable<Result<DeviceCode>> OAuthClient::start_device(OAuthServer server) {
  http::Form form;
  form.open = {{"client_id", server.app.client_id}, {"scope", std::string(server.dialect->scopes)}};
  http::Request request = post(server, server.endpoints.device, std::move(form));
  Result<http::Reply> reply = co_await client_.send(std::move(request));
  if (!reply) co_return reply.error();
  const std::optional<json::value> value = oauth_object(*reply);
  const auto word = value ? forges::text_of(*value, "error") : std::nullopt;
  // GitHub says no to an unknown app with a page, or with an error that is no code.
  const bool refused_app =
      reply->status == 404 || reply->status == 401 || reply->status == 403 || reply->status == 422;
  if (refused_app && (!word || word->find(' ') != std::string::npos)) {
    const OAuthRefusal refused{.step = OAuthStep::start_device, .error = "unauthorized_client"};
    co_return oauth_error(refused, server);
  }
  if (word) {
    const OAuthRefusal refused{.step = OAuthStep::start_device,
                               .error = *word,
                               .description = forges::text_of(*value, "error_description").value_or("")};
    co_return oauth_error(refused, server);
  }
  if (reply->status >= 500) co_return trouble_of_its_own(server, reply->status);
  if (!value) co_return no_answer(server, reply->status);
  co_return device_code_of(*value, server);
}

awaitable<DevicePoll> OAuthClient::poll_device(OAuthServer server, DeviceCode device) {
  http::Form form = form_for(server);
  form.open.emplace_back("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
  form.secret.emplace_back("device_code", device.device_code->duplicate());
  DevicePoll poll;
  poll.answer = co_await ask_for_tokens(std::move(server), std::move(form), OAuthStep::poll_device);
  const std::string& word = poll.answer.word;
  // RFC 8628 section 3.5: five seconds more, for all polls to come.
  if (word == "slow_down") poll.slower = device.interval + 5s;
  poll.pending = word == "authorization_pending" || word == "slow_down";
  co_return poll;
}

awaitable<TokenAnswer> OAuthClient::refresh(OAuthServer server, SharedSecret refresh_token) {
  http::Form form = form_for(server);
  form.open.emplace_back("grant_type", "refresh_token");
  form.secret.emplace_back("refresh_token", refresh_token->duplicate());
  TokenAnswer answer = co_await ask_for_tokens(std::move(server), std::move(form), OAuthStep::refresh);
  // RFC 6749 section 6: without a new one the old one stays in force.
  if (answer.tokens && !answer.tokens->refresh) answer.tokens->refresh = refresh_token->duplicate();
  co_return answer;
}

awaitable<Result<>> OAuthClient::revoke(OAuthServer server, SharedSecret token) {
  http::Form form = form_for(server);
  form.secret.emplace_back("token", token->duplicate());
  http::Request request = post(server, server.endpoints.revoke, std::move(form));
  Result<http::Reply> reply = co_await client_.send(std::move(request));
  if (!reply) co_return reply.error();
  // RFC 7009 section 2.2: so it is as well for a token that is none any more.
  if (reply->status == 200 || reply->status == 204) co_return Result<>();
  if (reply->status >= 500) co_return trouble_of_its_own(server, reply->status);
  // GitLab: 403 where the token was given to another app.
  if (reply->status == 401 || reply->status == 403) {
    co_return Error{.code = Errc::forge_error,
                    .message = fmt::format("{} does not revoke the token: it was given to another OAuth app.",
                                           server.dialect->name)};
  }
  co_return no_answer(server, reply->status);
}

}  // namespace forgelink
