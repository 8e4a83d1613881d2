// SPDX-License-Identifier: MIT
#include "providers/oauth/oauth_errors.hpp"

#include <fmt/format.h>

#include <cctype>

#include "base/shell_word.hpp"

namespace forgelink {
namespace {

constexpr const char* sign_in_again = "Sign in again: forgelink edit NAME --sign-in";

bool is_among(std::string_view word, std::string_view words) {
  while (!words.empty()) {
    const std::string_view one = words.substr(0, words.find(' '));
    if (one == word) return true;
    words.remove_prefix(std::min(words.size(), one.size() + 1));
  }
  return false;
}

Error spent(const OAuthServer& server, OAuthStep step) {
  const std::string_view name = server.dialect->name;
  if (step == OAuthStep::refresh) {
    return {
        .code = Errc::token_rejected,
        .message = fmt::format("{} does not renew the sign-in any more: it was revoked or has ended, or the "
                               "answer to an earlier renewal was lost.",
                               name),
        .hint = sign_in_again};
  }
  return {.code = Errc::sign_in_denied,
          .message = fmt::format("{} does not take the code: it is wrong, used or too old.", name),
          .hint = "Start the sign-in again."};
}

Error no_device_code(const OAuthServer& server) {
  return {
      .code = Errc::oauth_app_missing,
      .message = fmt::format("{} does not offer the device code to this OAuth app.", server.dialect->name),
      .hint = "Check its client id, and switch on its device flow on the app's page; or sign in by browser.",
      .url = server.app_page.url};
}

Error wrong_scope(const OAuthServer& server) {
  return {.code = Errc::oauth_app_missing,
          .message = fmt::format("The OAuth app may not ask for the scopes {}.", server.dialect->scopes),
          .hint = "Add them on the app's page, then sign in again.",
          .url = server.app_page.url};
}

// A code of the RFCs has letters and underscores; what else comes is not repeated.
std::string shown(std::string_view error) {
  std::string text;
  for (const char c : error.substr(0, 60))
    text += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ? c : '?';
  return text;
}

Error by_the_rfc(const OAuthRefusal& refused, const OAuthServer& server) {
  const std::string_view error = refused.error, name = server.dialect->name;
  const bool device = refused.step == OAuthStep::start_device || refused.step == OAuthStep::poll_device;
  if (error == "access_denied" || error == "authorization_declined")
    return {.code = Errc::sign_in_denied, .message = fmt::format("The sign-in was declined on {}.", name)};
  if (error == "expired_token" || error == "token_expired" || error == "code_expired") return code_expired();
  if (is_spent(server, error)) return spent(server, refused.step);
  if (error == "unauthorized_client" && device) return no_device_code(server);
  if (error == "invalid_client" || error == "unauthorized_client") return unknown_app(server);
  if (error == "invalid_scope") return wrong_scope(server);
  if (error == "unsupported_grant_type" && device) return no_device_code(server);
  if (error == "invalid_request" && refused.description.find("redirect") != std::string::npos)
    return wrong_callback(server);
  return {.code = Errc::forge_error,
          .message = fmt::format("{}'s sign-in failed: {}.", name, shown(error)),
          .hint = is_passing(error) ? "Try again later." : ""};
}

}  // namespace

std::string command_to_set_app(const OAuthServer& server, bool with_secret) {
  return fmt::format("forgelink oauth-app set {}{} --client-id ID{}", server.type,
                     server.server_url.empty() ? "" : " --server " + quoted(server.server_url),
                     with_secret ? " --secret-stdin" : "");
}

bool is_spent(const OAuthServer& server, std::string_view error) {
  return error == "invalid_grant" || is_among(error, server.dialect->spent_errors);
}

bool is_passing(std::string_view error) {
  return error == "server_error" || error == "temporarily_unavailable";
}

Error unknown_app(const OAuthServer& server) {
  return {
      .code = Errc::oauth_app_missing,
      .message =
          fmt::format("{} does not know the OAuth app: its id or secret is wrong.", server.dialect->name),
      .hint = "Set it again: " + command_to_set_app(server, server.dialect->secret != ClientSecret::never ||
                                                                server.app.client_secret != nullptr),
      .url = server.app_page.url};
}

Error wrong_callback(const OAuthServer& server) {
  return {.code = Errc::oauth_app_missing,
          .message = "The OAuth app has another callback address.",
          .hint = server.app_page.instructions,
          .url = server.app_page.url};
}

Error code_expired() {
  return {.code = Errc::sign_in_expired,
          .message = "The code was not entered in time.",
          .hint = "Start the sign-in again."};
}

Error oauth_error(const OAuthRefusal& refused, const OAuthServer& server) {
  std::optional<Error> particular;
  if (server.dialect->refusal != nullptr) particular = server.dialect->refusal(refused, server);
  Error error = particular ? *std::move(particular) : by_the_rfc(refused, server);
  // A renewal that a person's account is refused for good: a new sign-in is the only way on.
  if (refused.step == OAuthStep::refresh && error.code == Errc::sign_in_denied) {
    error.code = Errc::token_rejected;
    error.hint = sign_in_again;
  }
  return error;
}

}  // namespace forgelink
