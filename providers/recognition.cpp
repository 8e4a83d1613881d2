// SPDX-License-Identifier: MIT
#include "providers/recognition.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "providers/provider.hpp"

namespace forgelink {

std::span<const std::string_view> common_placeholders() {
  static constexpr std::array<std::string_view, 17> names = {"git",
                                                             "oauth",
                                                             "oauth2",
                                                             "pat",
                                                             "token",
                                                             "user",
                                                             "username",
                                                             "private-token",
                                                             "gitlab-ci-token",
                                                             "x-access-token",
                                                             "x-oauth-basic",
                                                             "x-token-auth",
                                                             "x-bitbucket-api-token-auth",
                                                             "PersonalAccessToken",
                                                             "personal-access-token",
                                                             "Personal Access Token",
                                                             "forgelink"};
  return names;
}

bool is_placeholder(const Provider& provider, std::string_view username) {
  const auto is = [&](std::string_view name) { return equal_ignoring_case(name, username); };
  const std::span<const std::string_view> common = common_placeholders();
  const auto& own = provider.recognition.placeholder_usernames;
  return username.empty() || std::any_of(common.begin(), common.end(), is) ||
         std::any_of(own.begin(), own.end(), is);
}

}  // namespace forgelink
