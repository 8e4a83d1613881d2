// SPDX-License-Identifier: MIT
#include "tests/providers/forges/forge_fixture.hpp"

#include "providers/typed_fields.hpp"

namespace forgelink::github_enterprise_tests {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class GitHubEnterprise : public ForgeFixture {
 protected:
  GitHubEnterprise() : ForgeFixture("github-enterprise") { target.server_url = "https://git.example"; }
};

TEST_F(GitHubEnterprise, AsksItsOwnApiForTheVersionThatOldServersKnow) {
  client.on("https://git.example/api/v3/user",
            json_reply(R"({"id": 1, "login": "octo-dev", "email": "dev@example.org"})",
                       {{"x-oauth-scopes", "repo, workflow"}}));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->account->login, "octo-dev");
  EXPECT_THAT(client.asked.at(0).headers, Contains(Pair("X-GitHub-Api-Version", "2022-11-28")));
  EXPECT_EQ(client.asked.at(0).scheme, http::Authorization::Scheme::bearer);
}

TEST_F(GitHubEnterprise, ATenantOfGheComHasItsApiOnAHostBeside) {
  target.server_url = "https://octo.ghe.com";
  client.on("https://api.octo.ghe.com/user", json_reply(R"({"id": 1, "login": "octo-dev", "email": "a@b"})"));
  EXPECT_THAT(verify(), Succeeds());
  EXPECT_THAT(provider.git_roots(target), ElementsAre("https://octo.ghe.com"));
}

TEST_F(GitHubEnterprise, ListsFromItsOwnServer) {
  client.on("https://git.example/api/v3/user/repos", json_reply(R"([{"id": 5, "full_name": "a/b"}])"));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).path, "a/b");
  client.on("https://git.example/api/v3/repos/a/b/commits", json_reply("[]"));
  EXPECT_THAT(commits("https://git.example/a/b.git"), Succeeds());
}

TEST_F(GitHubEnterprise, AnAddressOfGithubComIsAnothersRepository) {
  EXPECT_THAT(commits("https://github.com/a/b"), FailsWith(Errc::invalid_params));
}

TEST_F(GitHubEnterprise, WhatHasNoApiIsNoGithub) {
  const Error error = refusal("https://git.example", html_reply(404));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_EQ(error.field, "server_url");
}

TEST_F(GitHubEnterprise, ARefusedTokenNamesThePageOfThatServer) {
  const Error error = refusal("https://git.example", json_reply(401, R"({"message": "Bad credentials"})"));
  EXPECT_THAT(error, Refuses(Errc::token_rejected));
  EXPECT_THAT(error.url, HasSubstr("https://git.example/settings/tokens/new"));
}

TEST_F(GitHubEnterprise, ItsAnswersBearTheIdOfTheRequest) {
  EXPECT_TRUE(provider.marks_own_answer(json_reply(401, "{}", {{"x-github-request-id", "1"}})));
  EXPECT_FALSE(provider.marks_own_answer(html_reply(401)));
}

struct Typed {
  const char *typed, *root;
};
class EnterpriseAddress : public testing::TestWithParam<Typed> {};

TEST_P(EnterpriseAddress, IsCutToTheServer) {
  const Endpoints endpoints;
  TypedFields fields{.server_url = GetParam().typed};
  ASSERT_THAT(normalise(*find_provider("github-enterprise"), fields, endpoints, false, false), Succeeds());
  EXPECT_EQ(fields.server_url, GetParam().root);
}

INSTANTIATE_TEST_SUITE_P(All, EnterpriseAddress,
                         testing::Values(Typed{"git.example", "https://git.example"},
                                         Typed{"https://git.example/api/v3", "https://git.example"},
                                         Typed{"https://git.example/owner/name", "https://git.example"},
                                         Typed{"https://api.octo.ghe.com", "https://octo.ghe.com"},
                                         Typed{"https://octo.ghe.com/owner", "https://octo.ghe.com"}));

TEST(EnterpriseServer, GithubComIsAnotherType) {
  const Endpoints endpoints;
  for (const char* typed : {"https://github.com", "https://api.github.com", "https://ghe.com"}) {
    TypedFields fields{.server_url = typed};
    EXPECT_THAT(normalise(*find_provider("github-enterprise"), fields, endpoints, false, false),
                FailsWith(Errc::invalid_params))
        << typed;
  }
}

}  // namespace
}  // namespace forgelink::github_enterprise_tests
