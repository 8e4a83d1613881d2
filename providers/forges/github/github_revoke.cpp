// SPDX-License-Identifier: MIT
// POST /credentials/revoke (docs.github.com/rest/credentials/revoke): made for leaked tokens of others, so it
// takes them without a word on who asks, and refuses an Authorization header (403). It cannot be undone, and
// GitHub sends the owner a mail that the token was disclosed. At most 60 an hour for each address.
#include "providers/forges/github/github_revoke.hpp"

#include <algorithm>

#include "providers/forges/github/github_api.hpp"

namespace forgelink::forges::github {
namespace {

using Scheme = http::Authorization::Scheme;

// A token in JSON's quotes. Tokens are printable ASCII; two of those have to be escaped.
void append_quoted(std::string_view token, char*& into) {
  *into++ = '"';
  for (const char c : token) {
    if (c == '"' || c == '\\') *into++ = '\\';
    *into++ = c;
  }
  *into++ = '"';
}

std::size_t quoted_size(std::string_view token) {
  return token.size() + 2 + static_cast<std::size_t>(std::count_if(token.begin(), token.end(), [](char c) {
           return c == '"' || c == '\\';
         }));
}

// {"credentials":["...","..."]}
Secret credentials(const Secret& token, const Secret* refresh) {
  constexpr std::string_view head = "{\"credentials\":[", tail = "]}";
  std::size_t size = head.size() + quoted_size(token.reveal()) + tail.size();
  if (refresh != nullptr) size += 1 + quoted_size(refresh->reveal());
  return Secret::of_size(size, [&](char* into) {
    into = std::copy(head.begin(), head.end(), into);
    append_quoted(token.reveal(), into);
    if (refresh != nullptr) {
      *into++ = ',';
      append_quoted(refresh->reveal(), into);
    }
    std::copy(tail.begin(), tail.end(), into);
  });
}

awaitable<Result<bool>> ask_to_revoke(http::Client& client, Target target, std::string api,
                                      SharedSecret refresh, Scheme scheme) {
  http::Request request = github_request(target, api + "/credentials/revoke");
  request.method = "POST";
  request.authorization.scheme = scheme;
  request.json = credentials(*target.token, refresh && !refresh->empty() ? refresh.get() : nullptr);
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 202 || reply->status == 200 || reply->status == 204) co_return true;
  const Error error = github_refusal(*reply, target);
  if (error.code == Errc::token_rejected) co_return true;  // dead already
  co_return error;
}

awaitable<Result<bool>> revoke(http::Client& client, Target target, SharedSecret refresh) {
  std::string api = github_api(target);
  Result<bool> revoked =
      co_await ask_to_revoke(client, std::move(target), std::move(api), std::move(refresh), Scheme::none);
  co_return revoked;
}

awaitable<Result<bool>> revoke_on_server(http::Client& client, Target target, SharedSecret) {
  const std::string_view token = target.token->reveal();
  const bool is_personal = token.starts_with("ghp_") || token.starts_with("github_pat_");
  if (target.oauth || !is_personal) co_return false;
  std::string api = github_api(target);
  Result<bool> revoked =
      co_await ask_to_revoke(client, std::move(target), std::move(api), nullptr, Scheme::bearer);
  co_return revoked;
}

std::string page(const Target& target) {
  const std::string web = github_web(target);
  return web + (target.oauth ? "/settings/applications" : "/settings/tokens");
}

}  // namespace

const Revocation& revocation() {
  static const Revocation how{
      .revoke = revoke,
      .page = page,
      .caution = "GitHub sends the owner of the token a mail that it was disclosed and is revoked."};
  return how;
}

const Revocation& enterprise_revocation() {
  static const Revocation how{.revoke = revoke_on_server, .page = page};
  return how;
}

}  // namespace forgelink::forges::github
