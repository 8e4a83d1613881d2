// SPDX-License-Identifier: MIT
#include "providers/typed_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

using testing::HasSubstr;

Result<TypedFields> normal(std::string_view type, TypedFields fields, bool by_sign_in = false) {
  const Endpoints endpoints;
  Result<> checked = normalise(*find_provider(type), fields, endpoints, false, by_sign_in);
  if (!checked) return checked.error();
  return fields;
}

TEST(TypedFields, BlanksRoundEveryFieldAreTakenOff) {
  const auto fields = normal("bitbucket", {.username = " octo-dev\t", .email = "\u00a0dev@example.org \n"});
  ASSERT_THAT(fields, Succeeds());
  EXPECT_EQ(fields->username, "octo-dev");
  EXPECT_EQ(fields->email, "dev@example.org");
  EXPECT_EQ(normal("azure-devops", {.organization = " octo-org "})->organization, "octo-org");
  EXPECT_EQ(normal("gitlab-self-managed", {.server_url = " git.example "})->server_url,
            "https://git.example");
}

TEST(TypedFields, AnEmptyFieldIsNoField) {
  EXPECT_EQ(normal("github", {.username = "  "})->username, std::nullopt);
  EXPECT_THAT(normal("bitbucket", {.username = " "}), FailsWith(Errc::username_required));
}

TEST(TypedFields, ASignInFillsInTheUserName) { EXPECT_THAT(normal("bitbucket", {}, true), Succeeds()); }

TEST(TypedFields, AFieldThatTheTypeLacksIsRefused) {
  const auto fields = normal("github", {.email = "a@b"});
  ASSERT_THAT(fields, FailsWith(Errc::invalid_params));
  EXPECT_EQ(fields.error().field, "email");
}

struct TypedName {
  const char *typed, *username;
};
class TypedUsername : public testing::TestWithParam<TypedName> {};

TEST_P(TypedUsername, IsCutToTheName) {
  EXPECT_EQ(normal("github", {.username = GetParam().typed})->username, GetParam().username);
}

INSTANTIATE_TEST_SUITE_P(All, TypedUsername,
                         testing::Values(TypedName{"https://github.com/octo-dev", "octo-dev"},
                                         TypedName{"https://github.com/octo-dev/", "octo-dev"},
                                         TypedName{"@octo-dev", "octo-dev"},
                                         TypedName{"DOMAIN\\octo", "DOMAIN\\octo"},
                                         TypedName{"dev@example.org", "dev@example.org"}));

TEST(TypedFields, AUserNameWithAColonIsRefused) {
  for (const char* name : {"octo:dev", ":", "https://github.com", "https://"}) {
    const auto fields = normal("github", {.username = name});
    ASSERT_THAT(fields, FailsWith(Errc::invalid_params)) << name;
    EXPECT_EQ(fields.error().field, "username");
  }
}

struct TypedServer {
  const char *type, *typed, *server_url;
};
class ServerAddress : public testing::TestWithParam<TypedServer> {};

TEST_P(ServerAddress, IsCutToTheServersRoot) {
  const auto fields = normal(GetParam().type, {.server_url = GetParam().typed});
  ASSERT_THAT(fields, Succeeds());
  EXPECT_EQ(fields->server_url, GetParam().server_url);
}

INSTANTIATE_TEST_SUITE_P(
    All, ServerAddress,
    testing::Values(
        TypedServer{"gitlab-self-managed", "https://g.example/api/v4", "https://g.example"},
        TypedServer{"gitlab-self-managed", "https://g.example/lab/api/v4/user", "https://g.example/lab"},
        TypedServer{"gitlab-self-managed", "https://g.example/api", "https://g.example/api"},
        TypedServer{"azure-devops-server", "https://t.example/tfs/Coll/_git/repo",
                    "https://t.example/tfs/Coll"},
        TypedServer{"azure-devops-server", "https://t.example/tfs/Coll/Proj/_git/repo",
                    "https://t.example/tfs/Coll"},
        TypedServer{"azure-devops-server", "https://t.example/Coll/Proj/_git/repo", "https://t.example/Coll"},
        TypedServer{"azure-devops-server", "https://t.example/Coll/_git/repo", "https://t.example/Coll"},
        TypedServer{"azure-devops-server", "https://t.example/Coll/_usersSettings/tokens",
                    "https://t.example/Coll"},
        TypedServer{"azure-devops-server", "https://t.example/tfs/My Coll",
                    "https://t.example/tfs/My%20Coll"}));

class PageAddress : public testing::TestWithParam<TypedServer> {};

TEST_P(PageAddress, IsRefusedWithTheRightOneInTheHint) {
  const auto fields = normal(GetParam().type, {.server_url = GetParam().typed});
  ASSERT_THAT(fields, FailsWith(Errc::invalid_params));
  EXPECT_EQ(fields.error().field, "server_url");
  EXPECT_THAT(fields.error().hint, HasSubstr(GetParam().server_url));
}

INSTANTIATE_TEST_SUITE_P(
    All, PageAddress,
    testing::Values(
        TypedServer{"gitlab-self-managed", "https://g.example/group/project/-/issues", "https://g.example"},
        TypedServer{"gitlab-self-managed", "https://g.example/group/project.git", "https://g.example"},
        TypedServer{"azure-devops-server", "https://t.example/_git/repo", "DefaultCollection"},
        TypedServer{"azure-devops-server", "https://t.example/tfs", "DefaultCollection"},
        TypedServer{"github", "https://git.example", "github-enterprise"},
        TypedServer{"gitlab", "https://git.example", "gitlab-self-managed"},
        TypedServer{"azure-devops", "https://git.example", "azure-devops-server"}));

TEST(TypedFields, ABitbucketOfOnesOwnIsRefusedByItsKindAndPointsToItsType) {
  const auto fields = normal("bitbucket", {.username = "o", .server_url = "https://git.example"});
  ASSERT_THAT(fields, FailsWith(Errc::bitbucket_on_premise_unsupported));
  EXPECT_THAT(fields.error().hint, HasSubstr("bitbucket-data-center"));
}

TEST(TypedFields, TheMarksOfABitbucketOnPremisesAreSeenByOtherTypes) {
  EXPECT_THAT(normal("gitlab-self-managed", {.server_url = "https://g.example/scm/P/r.git"}),
              FailsWith(Errc::bitbucket_on_premise_unsupported));
}

TEST(TypedFields, TheCloudsOwnAddressSaysNothingNew) {
  EXPECT_EQ(normal("github", {.server_url = "https://github.com"})->server_url, std::nullopt);
  EXPECT_EQ(normal("gitlab", {.server_url = "gitlab.com"})->server_url, std::nullopt);
}

TEST(TypedFields, AnotherSpellingOfAnOrganizationIsCutToIt) {
  for (const char* typed :
       {"octo-org", "https://octo-org.visualstudio.com", "octo-org.visualstudio.com/project",
        "https://dev.azure.com/octo-org", "dev.azure.com/octo-org/project/_git/repo"}) {
    const auto fields = normal("azure-devops", {.organization = typed});
    ASSERT_THAT(fields, Succeeds()) << typed;
    EXPECT_EQ(fields->organization, "octo-org") << typed;
  }
}

TEST(TypedFields, AnOrganizationGivenAsAServerIsTaken) {
  const auto fields = normal("azure-devops", {.server_url = "https://octo-org.visualstudio.com"});
  ASSERT_THAT(fields, Succeeds());
  EXPECT_EQ(fields->organization, "octo-org");
  EXPECT_EQ(fields->server_url, std::nullopt);
}

class MoreThanAToken : public testing::TestWithParam<const char*> {};

TEST_P(MoreThanAToken, IsSaidAndNotRepeated) {
  const auto error = more_than_a_token(GetParam());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->field, "token");
  EXPECT_THAT(error->message, HasSubstr("more than a token"));
  EXPECT_EQ(error->message.find("ghp_0123"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, MoreThanAToken,
                         testing::Values("\"ghp_0123456789\"", "'ghp_0123456789'",
                                         "GITHUB_TOKEN=ghp_0123456789", "octo-dev:ghp_0123456789",
                                         "https://octo:ghp_0123456789@github.com"));

TEST(TypedFields, ATokenAloneIsNoMore) {
  for (const char* token : {"ghp_0123456789", "ATATT3xFfGF0abc-def=0A1B2C3D",
                            "MDM0NjEyMzQ1Njc4Or+abc=", "0123456789abcdef0123456789abcdef01234567"})
    EXPECT_FALSE(more_than_a_token(token)) << token;
}

TEST(TypedFields, ATokenInAFieldThatIsShownIsRefusedAndNotRepeated) {
  for (const char* token :
       {"ghp_0123456789abcdef0123", "glpat-0123456789abcdef0123", "ATATT3xFfGF0abcdef0123",
        "BBDC-0123456789abcdef0123", "github_pat_0123456789abcdef"}) {
    const auto fields = normal("github", {.username = token});
    ASSERT_THAT(fields, FailsWith(Errc::invalid_params)) << token;
    EXPECT_EQ(fields.error().field, "username");
    EXPECT_EQ(fields.error().message.find(token), std::string::npos);
  }
  for (const char* name : {"ghp_", "gho_st", "ATATTURK", "group_123_bot_4ffca233d8298ea1ca1a6ce8f0123456"})
    EXPECT_THAT(normal("github", {.username = name}), Succeeds()) << name;
}

}  // namespace
}  // namespace forgelink
