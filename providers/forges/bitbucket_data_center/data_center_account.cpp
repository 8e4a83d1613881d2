// SPDX-License-Identifier: MIT
// Whose token it is. There is no endpoint that says it: the application-link servlet knows the name, but
// answers HTTP access tokens with an empty body on some versions (8.19); then a header of any answer has it.
#include <algorithm>

#include "base/text.hpp"
#include "providers/forges/bitbucket_data_center/data_center_api.hpp"
#include "providers/forges/json_text.hpp"

namespace forgelink::forges::bitbucket_data_center {
namespace {

// Users are found by a part of their name; the right one is on one of so many pages, or was not found.
constexpr int most_user_pages = 20;

// As URL-encoded as the server sends it; without what no name holds.
std::string plain_name(std::string_view text) {
  const std::string name = percent_decoded(trimmed(without_mark(text))).value_or("");
  if (name.size() > 255 || !is_utf8(name) || has_control_code_point(name)) return "";
  return name;
}

// The name of the person, "" for a token without one.
awaitable<Result<std::string>> name_behind(http::Client& client, Target target) {
  http::Request who = request_to(target, *target.server_url + "/plugins/servlet/applinks/whoami");
  Result<http::Reply> reply = co_await client.send(std::move(who));
  if (!reply) co_return reply.error();
  if (reply->status == 401) co_return refusal_of(*reply, target);
  const bool is_page = reply->header("content-type").find("html") != std::string_view::npos;
  std::string name = reply->status == 200 && !is_page ? plain_name(reply->body) : "";
  if (!name.empty()) co_return name;

  http::Request cheap = request_to(target, rest_root(target) + "/repos?limit=1");
  Result<http::Reply> any = co_await client.send(std::move(cheap));
  if (!any) co_return any.error();
  // Any answer names the user (docs/forges.md 8.1).
  name = plain_name(any->header("x-ausername"));
  // A token of a project may be refused the list of everything; it is good all the same.
  const bool refused = any->status == 403 && marks_own_answer(*any);
  if (any->status != 200 && !refused) co_return refusal_of(*any, target);
  if (any->status == 200) {
    Result<Values> values = values_of(*any, target, -1);
    if (!values) co_return values.error();
  }
  co_return name;
}

bool is_user(const json::value& user, const std::string& name) {
  for (const char* field : {"name", "slug"}) {
    if (equal_ignoring_case(text_of(user, field).value_or(""), name)) return true;
  }
  return false;
}

Result<std::optional<ForgeAccount>> account_of(const json::value& user) {
  const auto id = id_of(user, "id");
  const auto login = text_of(user, "name");
  if (!id || !login)
    return Error{.code = Errc::forge_error, .message = "Bitbucket did not say whose token it is."};
  ForgeAccount account{.id = *id,
                       .login = login,
                       .display_name = text_of(user, "displayName"),
                       .email = text_of(user, "emailAddress")};
  if (account.email) account.own_emails = {*account.email};
  return account;
}

}  // namespace

awaitable<Result<std::optional<ForgeAccount>>> account_behind(http::Client& client, Target target) {
  Result<std::string> name = co_await name_behind(client, target);
  if (!name) co_return name.error();
  if (name->empty()) co_return std::optional<ForgeAccount>();
  std::int64_t start = 0;
  for (int page = 0; page < most_user_pages; ++page) {
    // The filter looks for a part of the name, the display name or the address.
    http::Request request = request_to(
        target, with_query(rest_root(target) + "/users",
                           {{"filter", *name}, {"limit", "100"}, {"start", std::to_string(start)}}));
    Result<http::Reply> reply = co_await client.send(std::move(request));
    if (!reply) co_return reply.error();
    if (reply->status != 200) co_return refusal_of(*reply, target);
    Result<Values> users = values_of(*reply, target, start);
    if (!users) co_return users.error();
    for (const json::value& user : users->items) {
      if (is_user(user, *name)) co_return account_of(user);
    }
    if (!users->next) break;
    start = *users->next;
  }
  co_return Error{.code = Errc::forge_error,
                  .message = "Bitbucket named the token's user, but does not list that user."};
}

}  // namespace forgelink::forges::bitbucket_data_center
