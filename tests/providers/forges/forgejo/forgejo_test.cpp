// SPDX-License-Identifier: MIT
#include "tests/providers/forges/forge_fixture.hpp"

#include "providers/typed_fields.hpp"

namespace forgelink::forgejo_tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string server = "https://git.example/forge";
const std::string api = server + "/api/v1";
constexpr const char* user =
    R"({"id": 3, "login": "octo-dev", "full_name": "Octo Dev", "email": "dev@example.org"})";
constexpr const char* lacks_user =
    R"({"message": "token does not have at least one of required scope(s): [read:user]", "url": "/api/swagger"})";

class Forgejo : public ForgeFixture {
 protected:
  Forgejo() : ForgeFixture("forgejo") { target.server_url = server; }
};

TEST_F(Forgejo, AsksWhoseTokenItIsAndWhetherItMayList) {
  client.on(api + "/user", json_reply(user));
  client.on(api + "/user/repos", json_reply("[]"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->account->id, "3");
  EXPECT_EQ(said->account->display_name, "Octo Dev");
  EXPECT_THAT(said->missing_scopes, IsEmpty());
  EXPECT_FALSE(said->scopes);
  EXPECT_EQ(client.asked.at(0).scheme, http::Authorization::Scheme::bearer);
}

TEST_F(Forgejo, ATokenBoundToARepositoryIsGoodWithoutTheAccount) {
  client.on(api + "/user", json_reply(403, lacks_user));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->account);
  EXPECT_THAT(said->missing_scopes, ElementsAre("read:user"));
  EXPECT_TRUE(said->hint);
}

TEST_F(Forgejo, AListThatMayNotBeReadIsAMissingScope) {
  client.on(api + "/user", json_reply(user));
  client.on(
      api + "/user/repos",
      json_reply(
          403, R"({"message": "token does not have at least one of required scope(s): [read:repository]"})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_THAT(said->missing_scopes, ElementsAre("read:repository"));
}

TEST_F(Forgejo, ARefusalNamesTheScope) {
  client.on(api + "/user/repos", json_reply(403, lacks_user));
  const auto page = repositories();
  ASSERT_THAT(page, FailsWith(Errc::scope_missing));
  EXPECT_THAT(page.error().message, HasSubstr("read:user"));
}

TEST_F(Forgejo, ADeadTokenIsRejected) {
  EXPECT_THAT(refusal("https://git.example",
                      json_reply(401, R"({"message": "invalid username, password or token"})")),
              Refuses(Errc::token_rejected));
}

TEST_F(Forgejo, WhatHasNoApiIsNoForgejoAndTheHintNamesTheServer) {
  const Error error = refusal("https://git.example", html_reply(404));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.hint, HasSubstr("https://git.example"));
}

TEST_F(Forgejo, PagesFollowTheirNumberAndNotTheAddressOfTheLink) {
  client.on(api + "/user/repos", json_reply(R"([{"id": 1, "full_name": "a/b"}])",
                                            {{"link", "<http://wrong.example/x?page=2>; rel=\"next\""}}));
  client.on(api + "/user/repos", json_reply(R"([{"id": 2, "full_name": "a/c"}])"));
  const auto first = repositories();
  ASSERT_THAT(first, Succeeds());
  const auto second = repositories(first->next);
  ASSERT_THAT(second, Succeeds());
  EXPECT_THAT(client.urls().back(), HasSubstr(api + "/user/repos?page=2&limit=50"));
  EXPECT_EQ(second->next, "");
}

TEST_F(Forgejo, AnEmptyPageEndsAListWhateverItsHeadersSay) {
  client.on(api + "/user/repos", json_reply("[]", {{"link", "<http://wrong.example/x>; rel=\"next\""}}));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->next, "");
}

TEST_F(Forgejo, AuthorsAreKnownByAccountOrByTheirHiddenAddress) {
  client.on(api + "/repos/a/b/commits",
            json_reply(R"([{"sha": "aa", "author": {"login": "octo-dev"}, "commit": {"message": "One",
                              "author": {"name": "Octo", "email": "a@b", "date": "2026-11-01T12:00:00+02:00"}}},
                           {"sha": "bb", "author": null, "commit": {"message": "Two",
                              "author": {"name": "Mona", "email": "mona@noreply.git.example"}}}])"));
  const auto page = commits("a/b");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).author_username, "octo-dev");
  EXPECT_EQ(page->items.at(1).author_username, "mona");
  EXPECT_EQ(page->items.at(0).author_date, "2026-11-01T12:00:00+02:00");
}

TEST_F(Forgejo, CommitsAreCountedFromTheNewestOfTheFirstPage) {
  client.on(api + "/repos/a/b/commits",
            json_reply(R"([{"sha": "aa", "commit": {}}])", {{"x-hasmore", "true"}}));
  const auto page = commits("a/b");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->next, "2 50 aa");
  (void)commits("a/b", "", page->next);
  EXPECT_THAT(client.urls().back(), HasSubstr("sha=aa"));
}

TEST_F(Forgejo, AnEmptyRepositoryIsAnEmptyList) {
  client.on(api, json_reply(409, R"({"message": "Git Repository is empty."})"));
  const auto page = commits("a/b");
  ASSERT_THAT(page, Succeeds());
  EXPECT_TRUE(page->items.empty());
}

TEST_F(Forgejo, ARepositoryIsFoundByItsIdAndByItsAddresses) {
  client.on(api + "/user/repos", json_reply(R"([{"id": 77, "full_name": "a/b"}])"));
  client.on(api + "/repos/a/b/commits", json_reply("[]"));
  for (const char* name : {"77", "https://git.example/forge/a/b.git", "git@git.example:a/b.git", "a/b"})
    EXPECT_THAT(commits(name), Succeeds()) << name;
}

struct Typed {
  const char *typed, *root;
};
class ForgejoAddress : public testing::TestWithParam<Typed> {};

TEST_P(ForgejoAddress, IsCutToTheRoot) {
  const Endpoints endpoints;
  TypedFields fields{.server_url = GetParam().typed};
  ASSERT_THAT(normalise(*find_provider("forgejo"), fields, endpoints, false, false), Succeeds());
  EXPECT_EQ(fields.server_url, GetParam().root);
}

INSTANTIATE_TEST_SUITE_P(
    All, ForgejoAddress,
    testing::Values(Typed{"codeberg.org", "https://codeberg.org"},
                    Typed{"https://git.example/forge/api/v1/user", "https://git.example/forge"},
                    Typed{"https://git.example/forge/user/settings/applications",
                          "https://git.example/forge"},
                    Typed{"https://codeberg.org/explore/repos", "https://codeberg.org"}));

TEST(ForgejoServer, TheAddressOfARepositoryIsRefusedWithTheServersInTheHint) {
  const Endpoints endpoints;
  TypedFields fields{.server_url = "https://codeberg.org/a/b.git"};
  const auto checked = normalise(*find_provider("forgejo"), fields, endpoints, false, false);
  ASSERT_THAT(checked, FailsWith(Errc::invalid_params));
  EXPECT_THAT(checked.error().hint, HasSubstr("https://codeberg.org"));
}

}  // namespace
}  // namespace forgelink::forgejo_tests
