// SPDX-License-Identifier: MIT
#include "daemon/methods/oauth_app_set.hpp"

#include <algorithm>

namespace forgelink {
namespace {

bool is_plain(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

awaitable<Result<OAuthAppSet::Reply>> OAuthAppSet::call(Params params) const {
  if (params.provider != "github") co_return invalid("provider", "Only `github` signs people in.");
  if (!is_plain(params.client_id))
    co_return invalid("client_id",
                      "`client_id` is no client id: it has letters, digits and signs without spaces.");
  if (params.client_secret && !is_plain(params.client_secret->reveal()))
    co_return invalid(
        "client_secret",
        "`client_secret` is no client secret: it has letters, digits and signs without spaces.");
  Result<> set = co_await apps.set_github(std::move(params.client_id), std::move(params.client_secret));
  if (!set) co_return set.error();
  const auto app = registry.oauth_app("github");
  co_return Reply{.provider = "github", .client_id = app->client_id, .has_secret = app->item.has_value()};
}

}  // namespace forgelink
