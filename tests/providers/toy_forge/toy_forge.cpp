// SPDX-License-Identifier: MIT
#include "tests/providers/toy_forge/toy_forge.hpp"

#include "providers/forges/reply_reader.hpp"

namespace forgelink::forges::toy {
namespace {

http::Request request_to(const Target& target, std::string_view path) {
  return {
      .url = *target.server_url + std::string(path),
      .headers = {},
      .authorization = {.scheme = http::Authorization::Scheme::bearer, .user = "", .secret = target.token},
      .connection = target.connection};
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  http::Request request = request_to(target, "/toy/me");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 401)
    co_return Error{.code = Errc::token_rejected, .message = "The toy forge refused the token."};
  Result<json::value> body = json_of(*reply, "The toy forge");
  if (!body) co_return body.error();
  Verification said;
  said.account = ForgeAccount{.id = id_of(*body, "id").value_or(""), .login = text_of(*body, "login")};
  co_return said;
}

awaitable<Result<Page<Repository>>> repositories(http::Client&, Target, std::string, std::size_t) {
  co_return Page<Repository>();
}

awaitable<Result<Page<Commit>>> commits(http::Client&, Target, CommitQuery, std::string, std::size_t) {
  co_return Page<Commit>();
}

}  // namespace

Provider provider() {
  return {.id = "toy",
          .label = "Toy Forge",
          .fields = {{"name", "Name", true, false, "What you call this connection."},
                     {"server_url", "Server", true, false, "The address of the toy."},
                     {"token", "Toy token", false, true, "From the toy's page."}},
          .scopes = {{"play", "to play", true}},
          .notices = {},
          .self_hosted = true,
          .server_example = "https://toy.example",
          .username_case = Case::exact,
          .recognition = {.programs = {"toytool"}, .placeholder_usernames = {"toy-token"}},
          .token_page =
              [](const Target& target) { return target.server_url.value_or("{server_url}") + "/tokens"; },
          .token_trouble = [](std::string_view) { return std::optional<Error>(); },
          .git_roots =
              [](const Target& target) {
                return target.server_url ? std::vector<std::string>{*target.server_url}
                                         : std::vector<std::string>();
              },
          .git_login = [](const Target&) { return GitLogin{.username = "toy"}; },
          .verify = verify,
          .repositories = repositories,
          .commits = commits};
}

}  // namespace forgelink::forges::toy
