// SPDX-License-Identifier: MIT
#include "providers/recognition.hpp"

#include <gtest/gtest.h>

#include "providers/provider.hpp"

namespace forgelink {
namespace {

class Placeholder : public testing::TestWithParam<const char*> {};

TEST_P(Placeholder, NamesNobodyForAnyType) {
  for (const Provider& provider : providers())
    EXPECT_TRUE(is_placeholder(provider, GetParam())) << provider.id;
}

INSTANTIATE_TEST_SUITE_P(All, Placeholder,
                         testing::Values("", "git", "token", "username", "PersonalAccessToken",
                                         "personalaccesstoken", "gitlab-ci-token", "oauth2", "x-access-token",
                                         "x-token-auth", "x-bitbucket-api-token-auth", "x-oauth-basic"));

TEST(Recognition, ANameIsSomebodys) {
  for (const Provider& provider : providers())
    EXPECT_FALSE(is_placeholder(provider, "octo-dev")) << provider.id;
}

TEST(Recognition, AnEndpointIsTheProvidersUnlessItIsReplaced) {
  Endpoints endpoints;
  EXPECT_EQ(endpoints.of("github", "api"), "https://api.github.com");
  endpoints.replace("github", "api", "https://mirror.example/api");
  EXPECT_EQ(endpoints.of("github", "api"), "https://mirror.example/api");
  EXPECT_EQ(endpoints.of("github", "web"), "https://github.com");
  EXPECT_EQ(endpoints.of("github", "nothing"), "");
  EXPECT_EQ(endpoints.of("nothing", "api"), "");
}

}  // namespace
}  // namespace forgelink
