// SPDX-License-Identifier: MIT
#include "providers/forges/github/github_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "providers/forges/json_text.hpp"

namespace forgelink::forges::github {
namespace {

// X-GitHub-SSO: required; url=https://github.com/orgs/...
std::string sso_url(std::string_view header, const Target& target) {
  const auto at = header.find("url=");
  if (at == std::string_view::npos) return "";
  std::string url(header.substr(at + 4));
  url.resize(std::min(url.size(), url.find_first_of("; ,")));
  return origin_of(url) && shown(url, target) == url ? url : "";
}

// What the token lacks, by the headers of the refusal; nothing if that is not why. Fine-grained tokens get
// the one header, classic ones the other, which comes with every answer (docs/forges.md 3.4).
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

// The address of GitHub's own that a message ends in; "" if it has none.
std::string page_in(const std::string& said, const Target& target) {
  const auto at = said.find(github_web(target) + "/");
  return at == std::string::npos ? "" : said.substr(at, said.find_first_of(" ,\"'<>)", at) - at);
}

// The organization's rules are against it, whatever the token may do. What they are is in the message alone.
std::optional<Error> against_the_rules(const std::string& said, const Target& target) {
  const auto says = [&](std::string_view words) { return said.find(words) != std::string::npos; };
  const std::string web = github_web(target);
  Error error{.code = Errc::forge_error};
  if (says("forbids access via")) {
    error.message = fmt::format("The organization does not take this kind of token{}.", because(said));
    error.hint = says("lifetime")    ? "Give the token an end that is near enough for its rules."
                 : says("(classic)") ? "Make a fine-grained token for that organization."
                                     : "Make a token that its rules allow.";
    const std::string page = page_in(said, target);
    error.url = page.empty() ? web + "/settings/personal-access-tokens/new" : page;
    return error;
  }
  if (says("OAuth App access restrictions")) {
    error.message =
        fmt::format("The organization has not approved the app that signed you in{}.", because(said));
    error.hint = "Ask for its approval on the app's page, or use a personal access token.";
    error.url = web + "/settings/applications";
    return error;
  }
  if (says("IP allow list")) {
    error.message = fmt::format("The organization takes no requests from this network{}.", because(said));
    error.hint = "Its owners keep the list of addresses that are allowed.";
    return error;
  }
  return std::nullopt;
}

// {"message": "Repository access blocked", "block": {"reason": "tos", "html_url": ...}}
std::optional<Error> disabled(const http::Reply& reply, const Target& target) {
  boost::system::error_code wrong;
  const json::value body = parse_json(reply.body, wrong);
  const json::value* block = wrong ? nullptr : member_of(body, "block");
  if (block == nullptr && reply.status != 451) return std::nullopt;
  const auto reason = block != nullptr ? text_of(*block, "reason") : std::nullopt;
  const std::string page = block != nullptr ? text_of(*block, "html_url").value_or("") : "";
  return Error{.code = Errc::forge_error,
               .message = fmt::format("GitHub has disabled this repository{}.",
                                      because(reason ? shown(*reason, target) : message_of(reply, target))),
               .url = origin_of(page) && shown(page, target) == page ? page : ""};
}

std::optional<Error> wants_single_sign_on(const http::Reply& reply, const Target& target) {
  if (!reply.header("x-github-sso").starts_with("required")) return std::nullopt;
  return Error{.code = Errc::sso_required,
               .message = "The organization wants this token to be authorized for its single sign-on.",
               .hint = "Open the page within the hour and authorize the token.",
               .url = sso_url(reply.header("x-github-sso"), target)};
}

// What hides private repositories from a classic token.
Error not_visible(const http::Reply& reply) {
  Error error{.code = Errc::not_found, .message = "GitHub: not found or not visible to this token."};
  const std::vector<std::string> granted = words_of(reply.header("x-oauth-scopes"));
  if (!granted.empty() && !holds(granted, "repo"))
    error.hint = "The token lacks the scope repo, without which it sees no private repository.";
  return error;
}

Error forbidden(const http::Reply& reply, const Target& target) {
  const std::string said = message_of(reply, target);
  // After many wrong tokens good ones get a 403 as well (docs/forges.md 3.7): nothing is known of this one.
  if (said.find("login attempts") != std::string::npos) {
    return {.code = Errc::rate_limited,
            .message = "GitHub has seen too many wrong tokens and refuses good ones as well for a while.",
            .retry_after = std::chrono::seconds(60)};
  }
  if (auto error = against_the_rules(said, target)) return *std::move(error);
  if (const auto needed = needed_scopes(reply, target, said)) {
    return {
        .code = Errc::scope_missing,
        .message = needed->empty() ? fmt::format("The token may not do this{}.", because(said))
                                   : fmt::format("The token may not do this; GitHub asks for {}.",
                                                 fmt::join(*needed, ", ")),
        .hint = "Make a token with that permission and use it.",
        .url = github_token_page(target),
        .details = {{"required", json::value_from(*needed)},
                    {"granted", json::value_from(shown(words_of(reply.header("x-oauth-scopes")), target))}}};
  }
  return {.code = Errc::forge_error,
          .message = fmt::format("GitHub refuses this: {}.", said.empty() ? "no reason given" : said)};
}

}  // namespace

std::string github_web(const Target& target) {
  return target.server_url ? *target.server_url : target.endpoints->of("github", "web");
}

// A GitHub Enterprise Server has its API below the root, a tenant of ghe.com on a host beside it
// (https://docs.github.com/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api).
std::string github_api(const Target& target) {
  if (!target.server_url) return target.endpoints->of("github", "api");
  const Origin origin = origin_of(*target.server_url).value_or(Origin());
  if (origin.host.ends_with(".ghe.com")) return "https://api." + origin.authority();
  return *target.server_url + "/api/v3";
}

bool github_marks(const http::Reply& reply) { return !reply.header("x-github-request-id").empty(); }

bool is_installation_token(const Target& target) {
  return target.token && target.token->reveal().starts_with("ghs_");
}

ForgeApi github_client_api(std::string_view client_host) {
  return {.root = github_api,
          // Beside /api/v3 on a server, below the API's host elsewhere.
          .graphql =
              [](const Target& target) {
                std::string api = github_api(target);
                if (api.ends_with("/v3")) api.resize(api.size() - 3);
                return api.ends_with("/") ? api + "graphql" : api + "/graphql";
              },
          .client_host = client_host,
          .request = github_request,
          .repository = [](const PathSegments& path) -> std::optional<std::string> {
            if (path.empty() || path[0] != "repos") return std::nullopt;
            return repository_at(path, 1, 2);
          }};
}

http::Request github_request(const Target& target, std::string url) {
  return {
      .url = std::move(url),
      // A server of one's own may be too old for the newest version, and refuses one it does not know
      // (https://docs.github.com/enterprise-server@3.19/rest/about-the-rest-api/api-versions).
      .headers = {{"Accept", "application/vnd.github+json"},
                  {"X-GitHub-Api-Version", target.server_url ? "2022-11-28" : "2026-03-10"}},
      .authorization = {.scheme = http::Authorization::Scheme::bearer, .user = "", .secret = target.token},
      .follow_within_origin = true,  // a repository that was renamed
      .connection = target.connection};
}

std::string github_token_page(const Target& target) {
  return with_query(github_web(target) + "/settings/tokens/new",
                    {{"scopes", "repo,workflow,read:user,user:email"}, {"description", "Forgelink"}});
}

// docs/forges.md 3.7.
Error github_refusal(const http::Reply& reply, const Target& target) {
  if (auto limited = rate_limit_of(reply, forge)) return *std::move(limited);
  if (is_of_another(reply, github_marks(reply))) return answered_by_another(reply, target, forge);
  if (reply.status == 403 || reply.status == 404) {
    // Also with a 404: what is private is hidden, and the header still tells.
    if (auto error = wants_single_sign_on(reply, target)) return *std::move(error);
  }
  if (reply.status == 403 || reply.status == 451) {
    if (auto error = disabled(reply, target)) return *std::move(error);
  }
  switch (reply.status) {
    case 401:
      return {.code = Errc::token_rejected,
              .message = "GitHub refused the token: it is wrong, has expired or was revoked.",
              .hint = "Create a new one and use it.",
              .url = github_token_page(target)};
    case 403:
      return forbidden(reply, target);
    case 404:
      return not_visible(reply);
    default:
      return unexpected(reply, target, forge);
  }
}

}  // namespace forgelink::forges::github
