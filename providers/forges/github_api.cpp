#include "providers/forges/github_api.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace forgelink::forges {
namespace {

constexpr std::string_view forge = "GitHub";

// X-GitHub-SSO: required; url=https://github.com/orgs/...
std::string sso_url(std::string_view header, const Target& target) {
  const auto at = header.find("url=");
  if (at == std::string_view::npos) return "";
  std::string url(header.substr(at + 4));
  url.resize(std::min(url.size(), url.find_first_of("; ,")));
  return origin_of(url) && shown(url, target) == url ? url : "";
}

// What the token lacks, by the headers of the refusal; nothing if that is not why. Fine-grained tokens get
// the one header, classic ones the other, which comes with every answer (section 3.4).
std::optional<std::vector<std::string>> needed_scopes(const http::Reply& reply, const Target& target,
                                                      const std::string& said) {
  std::vector<std::string> permissions =
      shown(words_of(reply.header("x-accepted-github-permissions")), target);
  if (!permissions.empty()) return permissions;
  std::vector<std::string> accepted = shown(words_of(reply.header("x-accepted-oauth-scopes")), target);
  const std::vector<std::string> granted = shown(words_of(reply.header("x-oauth-scopes")), target);
  const bool has_one = std::any_of(accepted.begin(), accepted.end(),
                                   [&](const std::string& scope) { return holds(granted, scope); });
  if (!accepted.empty() && !has_one) return accepted;
  if (said.find("not accessible by") != std::string::npos) return std::vector<std::string>();
  return std::nullopt;
}

Error forbidden(const http::Reply& reply, const Target& target) {
  const std::string said = message_of(reply, target);
  if (reply.header("x-github-sso").starts_with("required")) {
    return {.code = Errc::sso_required,
            .message = "The organization wants this token to be authorized for its single sign-on.",
            .hint = "Open the page within the hour and authorize the token.",
            .url = sso_url(reply.header("x-github-sso"), target)};
  }
  if (said.find("login attempts") != std::string::npos) {
    return {.code = Errc::rate_limited,
            .message = "GitHub has seen too many wrong tokens and refuses good ones as well for a while.",
            .retry_after = std::chrono::seconds(60)};
  }
  if (said.find("forbids access via") != std::string::npos) {
    const bool classic = said.find("(classic)") != std::string::npos;
    return {.code = Errc::forge_error,
            .message = fmt::format("The organization does not take this kind of token{}.", because(said)),
            .hint = classic ? "Make a fine-grained token for that organization."
                            : "Make a token that its rules allow.",
            .url = target.endpoints->github_web + "/settings/personal-access-tokens/new"};
  }
  if (const auto needed = needed_scopes(reply, target, said)) {
    return {
        .code = Errc::scope_missing,
        .message = needed->empty() ? fmt::format("The token may not do this{}.", because(said))
                                   : fmt::format("The token may not do this; GitHub asks for {}.",
                                                 fmt::join(*needed, ", ")),
        .hint = "Make a token with that permission and edit the connection.",
        .url = github_token_page(target),
        .details = {{"required", json::value_from(*needed)},
                    {"granted", json::value_from(shown(words_of(reply.header("x-oauth-scopes")), target))}}};
  }
  return {.code = Errc::forge_error,
          .message = fmt::format("GitHub refuses this: {}.", said.empty() ? "no reason given" : said)};
}

}  // namespace

http::Request github_request(const Target& target, std::string url) {
  return {
      .url = std::move(url),
      .headers = {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2026-03-10"}},
      .authorization = {.scheme = http::Authorization::Scheme::bearer, .user = "", .secret = target.token},
      .connection = target.connection};
}

std::string github_token_page(const Target& target) {
  return with_query(target.endpoints->github_web + "/settings/tokens/new",
                    {{"scopes", "repo,workflow,read:user,user:email"}, {"description", "Forgelink"}});
}

// Section 3.7.
Error github_refusal(const http::Reply& reply, const Target& target) {
  if (auto limited = rate_limit_of(reply, forge)) return *std::move(limited);
  switch (reply.status) {
    case 401:
      return {.code = Errc::token_rejected,
              .message = "GitHub refused the token: it is wrong, has expired or was revoked.",
              .hint = "Make a new one and edit the connection.",
              .url = github_token_page(target)};
    case 403:
      return forbidden(reply, target);
    case 404:
      return {.code = Errc::not_found, .message = "GitHub: not found or not visible to this token."};
    default:
      return unexpected(reply, target, forge);
  }
}

}  // namespace forgelink::forges
