// SPDX-License-Identifier: MIT
#include "providers/oauth/github_oauth.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>

#include <cstring>

#include "base/locked_memory.hpp"
#include "providers/forges/reply_reader.hpp"
#include "providers/oauth/pkce.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// JSON that holds tokens lives in locked memory, and is wiped.
class LockedJson : public json::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return locked_memory().allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    explicit_bzero(memory, bytes);
    locked_memory().deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

LockedJson& locked_json() {
  static LockedJson resource;
  return resource;
}

// Without `Accept` GitHub answers as a form; a proxy may have lost it.
json::value form_value(std::string_view text) {
  json::object object(&locked_json());
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    auto value = percent_decoded(pair.substr(equals + 1));
    if (value) object[pair.substr(0, equals)] = *value;
    if (value) explicit_bzero(value->data(), value->size());
  }
  return object;
}

Result<json::value> value_of(const http::Reply& reply) {
  const Error strange{
      .code = Errc::forge_error,
      .message = fmt::format("GitHub's sign-in answered with something that is no answer (status {}).",
                             reply.status),
      .hint = "Try again later."};
  if (!reply.secret_body || reply.status >= 500) return strange;
  const std::string_view text = reply.secret_body->reveal();
  if (reply.header("content-type").find("form-urlencoded") != std::string_view::npos) return form_value(text);
  boost::system::error_code wrong;
  json::value value = json::parse(text, wrong, &locked_json());
  if (wrong || !value.is_object()) return strange;
  return value;
}

std::optional<std::chrono::seconds> seconds_of(const json::value& object, std::string_view name) {
  const json::value* found = forges::member_of(object, name);
  if (found == nullptr) return std::nullopt;
  std::int64_t count = 0;
  if (found->is_string()) {
    count = std::atoll(found->get_string().c_str());
  } else {
    boost::system::error_code inexact;
    count = found->to_number<std::int64_t>(inexact);
    if (inexact) return std::nullopt;
  }
  return count > 0 && count < 1'000'000'000 ? std::optional(std::chrono::seconds(count)) : std::nullopt;
}

std::optional<Secret> secret_of(const json::value& object, std::string_view name) {
  const json::value* found = forges::member_of(object, name);
  if (found == nullptr || !found->is_string() || found->get_string().empty()) return std::nullopt;
  return Secret(std::string_view(found->get_string()));
}

// The errors of the token endpoint that mean the same in every flow (providers 10.2).
Error token_error(const std::string& error) {
  if (error == "incorrect_client_credentials") {
    return {.code = Errc::oauth_app_missing,
            .message = "GitHub does not know the OAuth app: its id or secret is wrong.",
            .hint = "Set it again: forgelink oauth-app set github --client-id ID --secret-stdin"};
  }
  if (error == "device_flow_disabled") {
    return {.code = Errc::oauth_app_missing,
            .message = "The OAuth app does not allow the device code.",
            .hint = "Switch on its device flow on GitHub's page of the app, or sign in by browser."};
  }
  if (error == "access_denied")
    return {.code = Errc::sign_in_denied, .message = "The sign-in was declined on GitHub."};
  if (error == "expired_token" || error == "token_expired")
    return {.code = Errc::sign_in_expired,
            .message = "The code was not entered in time.",
            .hint = "Start the sign-in again."};
  if (error == "bad_verification_code" || error == "incorrect_device_code")
    return {.code = Errc::sign_in_denied,
            .message = "GitHub does not take the code: it is wrong, used or too old.",
            .hint = "Start the sign-in again."};
  if (error == "redirect_uri_mismatch") {
    return {.code = Errc::oauth_app_missing,
            .message = "The OAuth app has another callback address.",
            .hint = "Set its callback to http://127.0.0.1/callback on GitHub's page of the app."};
  }
  if (error == "unverified_user_email")
    return {.code = Errc::sign_in_denied,
            .message = "GitHub wants the account's primary email verified first."};
  std::string shown;
  for (const char c : error.substr(0, 60))
    shown += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ? c : '?';
  return {.code = Errc::forge_error, .message = fmt::format("GitHub's sign-in failed: {}.", shown)};
}

http::Request post(const Endpoints& endpoints, std::string_view path, http::Form form) {
  return {.method = "POST",
          .url = endpoints.of("github", "web") + std::string(path),
          .headers = {{"Accept", "application/json"}},
          .form = std::move(form),
          .secret_reply = true};
}

}  // namespace

std::string GithubOAuth::authorize_url(const OAuthClient& app, const SignInRequest& request,
                                       const std::vector<std::string>& scopes,
                                       const std::string& login) const {
  std::vector<std::pair<std::string, std::string>> query = {
      {"client_id", app.client_id},
      {"redirect_uri", request.redirect_uri},
      {"scope", fmt::format("{}", fmt::join(scopes, " "))},
      {"state", std::string(request.state->reveal())},
      {"code_challenge", challenge_of(*request.verifier)},
      {"code_challenge_method", "S256"}};
  if (!login.empty()) query.emplace_back("login", login);
  return with_query(endpoints_.of("github", "web") + "/login/oauth/authorize", query);
}

Error GithubOAuth::authorization_error(const std::string& error) {
  if (error == "application_suspended")
    return {.code = Errc::oauth_app_missing, .message = "GitHub has suspended the OAuth app."};
  return token_error(error);
}

// Gives the tokens, or sets `error` to what GitHub calls it, or fails by itself.
awaitable<Result<OAuthTokens>> GithubOAuth::ask_for_tokens(http::Form form, std::string& error) {
  http::Request request = post(endpoints_, "/login/oauth/access_token", std::move(form));
  Result<http::Reply> reply = co_await client_.send(std::move(request));
  if (!reply) co_return reply.error();
  Result<json::value> value = value_of(*reply);
  if (!value) co_return value.error();
  // `error` first: it comes with a 200 (providers 10.2).
  if (const auto named = forges::text_of(*value, "error")) {
    error = *named;
    co_return token_error(*named);
  }
  std::optional<Secret> access = secret_of(*value, "access_token");
  if (!access)
    co_return Error{.code = Errc::forge_error, .message = "GitHub's sign-in answered without a token."};
  OAuthTokens tokens{.access = std::move(*access), .refresh = secret_of(*value, "refresh_token")};
  if (const auto lasts = seconds_of(*value, "expires_in")) tokens.expires_at = clock_.now() + *lasts;
  tokens.scopes = forges::words_of(forges::text_of(*value, "scope").value_or(""));
  co_return tokens;
}

awaitable<Result<OAuthTokens>> GithubOAuth::exchange_code(OAuthClient app, SignInRequest request,
                                                          Secret code) {
  http::Form form;
  form.open = {{"client_id", app.client_id}, {"redirect_uri", request.redirect_uri}};
  if (app.client_secret) form.secret.emplace_back("client_secret", app.client_secret->duplicate());
  form.secret.emplace_back("code", std::move(code));
  form.secret.emplace_back("code_verifier", request.verifier->duplicate());
  std::string error;
  Result<OAuthTokens> tokens = co_await ask_for_tokens(std::move(form), error);
  co_return tokens;
}

awaitable<Result<DeviceCode>> GithubOAuth::start_device(OAuthClient app, std::vector<std::string> scopes) {
  http::Form form;
  form.open = {{"client_id", app.client_id}, {"scope", fmt::format("{}", fmt::join(scopes, " "))}};
  http::Request request = post(endpoints_, "/login/device/code", std::move(form));
  Result<http::Reply> reply = co_await client_.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 404 || reply->status == 401 || reply->status == 403 || reply->status == 422) {
    co_return Error{
        .code = Errc::oauth_app_missing,
        .message = "GitHub does not offer the device code to this OAuth app.",
        .hint = "Check its client id, and switch on its device flow on GitHub's page of the app."};
  }
  Result<json::value> value = value_of(*reply);
  if (!value) co_return value.error();
  if (const auto error = forges::text_of(*value, "error")) co_return token_error(*error);
  std::optional<Secret> device_code = secret_of(*value, "device_code");
  const auto user_code = forges::text_of(*value, "user_code"),
             uri = forges::text_of(*value, "verification_uri");
  if (!device_code || !user_code || !uri || !origin_of(*uri))
    co_return Error{.code = Errc::forge_error, .message = "GitHub's sign-in answered without a device code."};
  co_return DeviceCode{
      .device_code = std::make_shared<const Secret>(std::move(*device_code)),
      .user_code = *user_code,
      .verification_uri = *uri,
      .expires_in = std::min<std::chrono::seconds>(seconds_of(*value, "expires_in").value_or(900s), 1h),
      .interval = std::min<std::chrono::seconds>(seconds_of(*value, "interval").value_or(5s), 60s)};
}

awaitable<Result<DevicePoll>> GithubOAuth::poll_device(OAuthClient app, DeviceCode device) {
  http::Form form;
  form.open = {{"client_id", app.client_id}, {"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}};
  form.secret.emplace_back("device_code", device.device_code->duplicate());
  std::string error;
  Result<OAuthTokens> tokens = co_await ask_for_tokens(std::move(form), error);
  if (tokens) co_return DevicePoll{.tokens = std::move(*tokens)};
  if (error == "authorization_pending") co_return DevicePoll{};
  // RFC 8628 section 3.5: five seconds more, for all polls to come.
  if (error == "slow_down") co_return DevicePoll{.slower = device.interval + 5s};
  co_return tokens.error();
}

awaitable<Result<OAuthTokens>> GithubOAuth::refresh(OAuthClient app,
                                                    std::shared_ptr<const Secret> refresh_token) {
  http::Form form;
  form.open = {{"client_id", app.client_id}, {"grant_type", "refresh_token"}};
  if (app.client_secret) form.secret.emplace_back("client_secret", app.client_secret->duplicate());
  form.secret.emplace_back("refresh_token", refresh_token->duplicate());
  std::string error;
  Result<OAuthTokens> tokens = co_await ask_for_tokens(std::move(form), error);
  if (tokens) co_return tokens;
  if (error == "bad_refresh_token" || error == "invalid_grant" || error == "unauthorized" ||
      error == "bad_verification_code") {
    co_return Error{.code = Errc::token_rejected,
                    .message = "GitHub does not renew the sign-in any more.",
                    .hint = "Sign in again: forgelink edit NAME --github"};
  }
  co_return tokens.error();
}

}  // namespace forgelink
