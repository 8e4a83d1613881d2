// SPDX-License-Identifier: MIT
#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string base = "https://dev.azure.com/octo-org";
const std::string identity_url = base + "/_apis/connectionData";
const std::string list_url = base + "/_apis/git/repositories";
constexpr const char* azure_identity = R"({"authenticatedUser": {"id": "11111111-2222-4333-8444-555555555555",
    "descriptor": "Microsoft.IdentityModel.Claims.ClaimsIdentity;T\\dev@example.org", "providerDisplayName": "Octo Dev",
    "properties": {"Account": {"$type": "System.String", "$value": "dev@example.org"}}}, "deploymentType": "hosted"})";

class Azure : public ForgeFixture {
 protected:
  Azure() : ForgeFixture("azure-devops") { target.organization = "octo-org"; }
};

TEST_F(Azure, TellsTheAccountAndThatCodeMayBeRead) {
  client.on(identity_url, json_reply(azure_identity));
  client.on(list_url, json_reply(R"({"count": 0, "value": []})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_THAT(client.urls(),
              ElementsAre(identity_url + "?api-version=7.1-preview", list_url + "?api-version=7.1"));
  EXPECT_EQ(said->account->id, "11111111-2222-4333-8444-555555555555");
  EXPECT_EQ(said->account->login, "dev@example.org");
  EXPECT_EQ(said->account->display_name, "Octo Dev");
  EXPECT_EQ(said->account->email, "dev@example.org");
  EXPECT_FALSE(said->scopes);
  EXPECT_THAT(said->missing_scopes, IsEmpty());
  const auto& request = client.asked.at(0);
  EXPECT_EQ(request.scheme, http::Authorization::Scheme::basic);
  EXPECT_EQ(request.user, "");
  EXPECT_TRUE(request.follow_within_origin);
  EXPECT_EQ(request.sign_in_path, "/_signin") << "where a person would sign in";
  EXPECT_EQ(request.connection, target.connection);
}

TEST_F(Azure, NamesComeFromWhereverTheyAre) {
  client.on(
      identity_url,
      json_reply(
          R"({"authenticatedUser": {"id": "1", "descriptor": "X;T\\DOMAIN-user", "customDisplayName": "Custom",
      "providerDisplayName": "Provider", "properties": {"Mail": {"$value": "mail@example.org"}}}})"));
  client.on(list_url, json_reply(R"({"value": []})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->account->login, "DOMAIN-user");
  EXPECT_EQ(said->account->display_name, "Custom");
  EXPECT_EQ(said->account->email, "mail@example.org");
}

TEST_F(Azure, AnAnonymous200IsNotAGoodToken) {
  for (const char* user :
       {R"({"id": "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "descriptor": "x"})",
        R"({"id": "00000000-0000-0000-0000-000000000000", "descriptor": "x"})",
        R"({"id": "11111111-2222-4333-8444-555555555555", "descriptor": "System:PublicAccess;aaaa"})",
        R"({"descriptor": "x"})"}) {
    const Error error =
        refusal(identity_url, json_reply(R"({"authenticatedUser": )" + std::string(user) + "}"));
    EXPECT_THAT(error, Refuses(Errc::token_rejected)) << user;
    EXPECT_EQ(error.url, base + "/_usersSettings/tokens");
  }
}

TEST_F(Azure, ASignInPageARedirectToItAndA401AreARefusedToken) {
  EXPECT_THAT(refusal(identity_url, own_reply(203, "<html>", {{"content-type", "text/html"}})),
              Refuses(Errc::token_rejected));
  EXPECT_THAT(
      refusal(identity_url,
              own_reply(302, "", {{"location", "https://spsprodweu1.vssps.visualstudio.com/_signin"}})),
      Refuses(Errc::token_rejected));
  EXPECT_THAT(refusal(identity_url, own_reply(401)), Refuses(Errc::token_rejected));
}

TEST_F(Azure, ARefusalSaysWhy) {
  const Error limited = refusal(
      identity_url,
      json_reply(429, R"({"message": "TF400733: The request has been canceled."})", {{"retry-after", "17"}}));
  EXPECT_THAT(limited, Refuses(Errc::rate_limited));
  EXPECT_EQ(limited.retry_after, std::chrono::seconds(17));
  EXPECT_THAT(refusal(identity_url, json_reply(403, R"({"message": "TF400813: not authorized"})")),
              Refuses(Errc::scope_missing));
  const Error missing =
      refusal(identity_url, json_reply(404, R"({"message": "VS800075: The project does not exist."})"));
  EXPECT_THAT(missing, Refuses(Errc::not_found));
  EXPECT_THAT(missing.message, HasSubstr("VS800075"));
  EXPECT_THAT(refusal(identity_url,
                      json_reply(400, R"({"message": "bad", "typeKey": "VssVersionOutOfRangeException"})")),
              Refuses(Errc::forge_error));
  for (const char* body : {"", "{", "[]", "{}", R"({"authenticatedUser": null})"}) {
    EXPECT_THAT(refusal(identity_url, json_reply(body)), Refuses(Errc::forge_error)) << body;
  }
  EXPECT_THAT(refusal(identity_url, html_reply(200)), Refuses(Errc::forge_error))
      << "200 alone proves nothing";
}

TEST_F(Azure, AGoodTokenThatMayNotReadCodeIsSavedAsSuchAndListsSayWhy) {
  client.on(identity_url, json_reply(azure_identity));
  client.on(list_url, own_reply(401));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_TRUE(said->settled);
  EXPECT_THAT(said->missing_scopes, ElementsAre("vso.code"));
  // The same 401 to a list is not the token's end: it still has an identity.
  const auto page = repositories();
  ASSERT_THAT(page, FailsWith(Errc::scope_missing));
  EXPECT_EQ(page.error().details.at("required"), (boost::json::array{"vso.code"}));
}

TEST_F(Azure, A401OfATokenWithoutIdentityIsARefusedToken) {
  client.on(list_url, own_reply(401));
  client.on(identity_url, own_reply(401));
  EXPECT_THAT(repositories(), FailsWith(Errc::token_rejected));
}

TEST_F(Azure, ATooLongListDoesNotMakeAGoodTokenBad) {
  client.on(identity_url, json_reply(azure_identity));
  client.on(list_url, Error{.code = Errc::forge_error, .message = "The answer is too large."});
  EXPECT_THAT(verify(), Succeeds());
}

TEST_F(Azure, WithoutAnOrganizationTheProfileIsAsked) {
  target.organization.reset();
  const std::string profile = "https://app.vssps.visualstudio.com/_apis/profile/profiles/me";
  for (http::Reply reply : {own_reply(401), own_reply(203, "<html>"), json_reply(403, "{}"),
                            own_reply(302, "", {{"location", "https://login.example/_signin"}})}) {
    ScriptedHttpClient scripted;
    scripted.on(profile, std::move(reply));
    const auto said = loop.run(provider.verify(scripted, target));
    ASSERT_THAT(said, Succeeds());
    EXPECT_FALSE(said->settled);
    EXPECT_THAT(*said->hint, HasSubstr("organization"));
  }
  client.on(profile,
            json_reply(R"({"id": "p1", "displayName": "Octo Dev", "emailAddress": "dev@example.org"})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_TRUE(said->settled);
  EXPECT_EQ(said->account->email, "dev@example.org");
  EXPECT_THAT(refusal(profile, html_reply(503)), Refuses(Errc::forge_error));

  const auto list = repositories();
  ASSERT_THAT(list, FailsWith(Errc::invalid_params));
  EXPECT_EQ(list.error().field, "organization");
}

std::string repository(int number, const std::string& more = "") {
  const std::string name = "r" + std::to_string(number);
  return R"({"id": ")" + name + R"(", "name": ")" + name +
         R"(", "project": {"name": "My Project", "visibility": "private"})" + more + "}";
}

TEST_F(Azure, AllRepositoriesComeAtOnceButTheDisabledOnes) {
  std::string all;
  for (int i = 0; i < 5; ++i)
    all += (all.empty() ? "" : ",") + repository(i, i == 1 ? R"(, "isDisabled": true)" : "");
  client.on(list_url, json_reply(R"({"count": 5, "value": [)" + all + "]}"));
  const auto page = repositories("", 2);
  ASSERT_THAT(page, Succeeds());
  std::vector<std::string> names;
  for (const Repository& one : page->items) names.push_back(one.path);
  EXPECT_THAT(names, ElementsAre("My Project/r0", "My Project/r2", "My Project/r3", "My Project/r4"));
  EXPECT_EQ(page->next, "") << "giving them out in pages is ForgeLists' work";
}

TEST_F(Azure, ARepositoryLosesTheUserInItsAddress) {
  client.on(
      list_url,
      json_reply(
          R"({"value": [{"id": "1", "name": "r", "project": {"name": "P", "visibility": "public"}, "defaultBranch": "refs/heads/main",
      "remoteUrl": "https://octo-org@dev.azure.com/octo-org/P/_git/r", "sshUrl": "git@ssh.dev.azure.com:v3/octo-org/P/r", "webUrl": "https://dev.azure.com/octo-org/P/_git/r"},
      {"id": "2", "name": "empty"}, {"id": 3}, null]})"));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  ASSERT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->items[0].clone_url, "https://dev.azure.com/octo-org/P/_git/r");
  EXPECT_EQ(page->items[0].default_branch, "main");
  EXPECT_EQ(page->items[0].is_private, false);
  EXPECT_EQ(page->items[1].is_private, std::nullopt) << "not told is not public";
  EXPECT_FALSE(page->items[1].default_branch);
  EXPECT_EQ(page->items[1].path, "empty");
}

const std::string azure_commits_url = base + "/My%20Project/_apis/git/repositories/My%20Repo/commits";

TEST_F(Azure, ListsCommitsBySkippingAndFetchesCutMessagesWhereAskedTo) {
  full_messages = true;
  client.on(azure_commits_url +
                "?searchCriteria.%24top=2&searchCriteria.%24skip=0&searchCriteria.itemVersion.version=main&"
                "api-version=7.1",
            json_reply(R"({"count": 2, "value": [
      {"commitId": "c771", "author": {"name": "Octo Dev", "email": "dev@example.org", "date": "2026-11-01T10:00:00Z"}, "comment": "Fix", "commentTruncated": true},
      {"commitId": "c772", "comment": "Whole", "remoteUrl": "https://dev.azure.com/w"}]})"));
  client.on(
      azure_commits_url + "?searchCriteria.%24top=2&searchCriteria.%24skip=2",
      json_reply(
          R"({"value": [{"commitId": "c773", "commentTruncated": true, "comment": "Cut"}, {"commitId": null}]})"));
  client.on(azure_commits_url + "?searchCriteria.%24top=2&searchCriteria.%24skip=4",
            json_reply(R"({"value": []})"));
  client.on(azure_commits_url + "/c771",
            json_reply(R"({"commitId": "c771", "comment": "Fix\n\nWith a body."})"));
  client.on(azure_commits_url + "/c773", html_reply(500));

  const auto first = commits("My Project/_git/My Repo", "main", "", 2);
  ASSERT_THAT(first, Succeeds());
  ASSERT_EQ(first->items.size(), 2U);
  EXPECT_EQ(first->items[0].message, "Fix\n\nWith a body.");
  EXPECT_EQ(first->items[0].title, "Fix");
  EXPECT_EQ(first->items[0].author_email, "dev@example.org");
  EXPECT_EQ(first->items[0].author_date, "2026-11-01T10:00:00Z");
  EXPECT_EQ(first->items[0].web_url, base + "/My%20Project/_git/My%20Repo/commit/c771");
  EXPECT_EQ(first->items[1].web_url, "https://dev.azure.com/w");
  EXPECT_EQ(first->next, "2");
  const auto second = commits("My Project/_git/My Repo", "main", first->next, 2);
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(second->items.at(0).message, "Cut") << "what cannot be had stays cut";
  EXPECT_TRUE(second->items.at(0).message_truncated);
  EXPECT_FALSE(first->items[0].message_truncated);
  EXPECT_EQ(second->next, "4");
  const auto last = commits("My Project/_git/My Repo", "main", second->next, 2);
  ASSERT_THAT(last, Succeeds());
  EXPECT_EQ(last->next, "");
}

TEST_F(Azure, ARepositoryIsFoundByEachOfItsNames) {
  const std::string in_project = base + "/P/_apis/git/repositories/r/commits";
  const std::string of_its_name = base + "/r/_apis/git/repositories/r/commits";
  const std::string uuid = "00000000-0000-4000-8000-000000000011";
  const std::vector<std::pair<std::string, std::string>> names = {
      {"P/r", in_project},
      {"P/_git/r", in_project},
      {"octo-org/P/_git/r", in_project},
      {"OCTO-org/P/r", in_project},
      {"r", of_its_name},
      {"_git/r", of_its_name},
      {"octo-org/_git/r", of_its_name},
      {uuid, base + "/_apis/git/repositories/" + uuid + "/commits"},
      {"https://octo-org@dev.azure.com/octo-org/P/_git/r", in_project},
      {"https://dev.azure.com/octo-org/P/_git/r?path=/x&version=GBmain", in_project},
      {"https://dev.azure.com/octo-org/_git/r", of_its_name},
      {"https://dev.azure.com/octo-org/P/_git/_full/r", in_project},
      {"dev.azure.com/octo-org/P/_git/_optimized/r", in_project},
      {"https://octo-org.visualstudio.com/DefaultCollection/P/_git/r", in_project},
      {"https://Octo-Org.visualstudio.com/P/_git/r", in_project},
      {"https://octo-org.visualstudio.com/_git/r", of_its_name},
      {"git@ssh.dev.azure.com:v3/octo-org/P/r", in_project},
      {"ssh://git@ssh.dev.azure.com/v3/octo-org/P/r", in_project},
      {"octo-org@vs-ssh.visualstudio.com:v3/octo-org/P/r", in_project},
      {"ssh://octo-org@vs-ssh.visualstudio.com:22/DefaultCollection/P/_git/r", in_project},
      {"ssh://octo-org@vs-ssh.visualstudio.com:22/P/_ssh/r", in_project},
  };
  for (const auto& [name, url] : names) {
    ScriptedHttpClient scripted;
    scripted.on(base, json_reply(R"({"value": []})"));
    ASSERT_THAT(loop.run(provider.commits(scripted, target, CommitQuery{name, ""}, "", 100)), Succeeds())
        << name;
    EXPECT_THAT(scripted.urls().at(0), ::testing::StartsWith(url + "?")) << name;
  }
}

TEST_F(Azure, WhatIsInAnotherOrganizationOrElsewhereIsRefusedWithoutAQuestion) {
  for (const char* name :
       {"https://dev.azure.com/other/P/_git/r", "other/P/_git/r", "https://other.visualstudio.com/P/_git/r",
        "git@ssh.dev.azure.com:v3/other/P/r", "ssh://other@vs-ssh.visualstudio.com:22/P/_git/r",
        "https://evil-octo-org.visualstudio.com/P/_git/r", "https://github.com/a/b", "https://dev.azure.com",
        "https://dev.azure.com/octo-org", "ssh://octo-org@vs-ssh.visualstudio.com:22/DefaultCollection",
        "a/b/c/d/e", "", "git@ssh.dev.azure.com:v3"}) {
    const auto page = commits(name);
    ASSERT_THAT(page, FailsWith(Errc::invalid_params)) << name;
    EXPECT_EQ(page.error().field, "repository");
  }
  EXPECT_THAT(client.asked, IsEmpty());
}

TEST_F(Azure, PagesAreCountedFromTheNewestCommitOfTheFirst) {
  const std::string id(40, 'a');
  client.on(azure_commits_url + "?searchCriteria.%24top=1&searchCriteria.%24skip=0",
            json_reply(R"({"value": [{"commitId": ")" + id + R"(", "comment": "x"}]})"));
  client.on(azure_commits_url +
                "?searchCriteria.%24top=1&searchCriteria.%24skip=1&searchCriteria.itemVersion.version=" + id +
                "&searchCriteria.itemVersion.versionType=commit",
            json_reply(R"({"value": []})"));
  const auto first = commits("My Project/My Repo", "", "", 1);
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(first->next, "1 " + id);
  EXPECT_THAT(first->ahead, ElementsAre("2 " + id, "3 " + id, "4 " + id));
  EXPECT_THAT(commits("My Project/My Repo", "", first->next, 1), Succeeds());
}

TEST_F(Azure, ABranchMayBeATagOrACommitAsWell) {
  const std::string id(40, 'c');
  client.on(azure_commits_url,
            json_reply(404, R"({"message": "TF401175: <Branch: v1> could not be resolved."})"));
  const std::string asked =
      azure_commits_url + "?searchCriteria.%24top=100&searchCriteria.%24skip=0&searchCriteria.itemVersion.";
  client.on(asked + "version=v1&searchCriteria.itemVersion.versionType=tag", json_reply(R"({"value": []})"));
  client.on(asked + "version=" + id + "&searchCriteria.itemVersion.versionType=commit",
            json_reply(R"({"value": []})"));
  client.on(asked + "version=feature%2Fx%23y&api-version", json_reply(R"({"value": []})"));
  EXPECT_THAT(commits("My Project/My Repo", "v1"), Succeeds());
  EXPECT_THAT(commits("My Project/My Repo", "refs/tags/v1"), Succeeds());
  EXPECT_THAT(commits("My Project/My Repo", id), Succeeds());
  EXPECT_THAT(commits("My Project/My Repo", "refs/heads/feature/x#y"), Succeeds());
  const auto gone = commits("My Project/My Repo", "gone");
  ASSERT_THAT(gone, FailsWith(Errc::not_found));
  EXPECT_THAT(gone.error().message, HasSubstr("TF401175"));
}

TEST_F(Azure, WhatIsPublicIsNoProofOfAGoodToken) {
  const std::string list = base + "/_apis/git/repositories?api-version=7.1";
  ScriptedHttpClient dead;
  dead.on(list, json_reply(R"({"value": []})"));
  dead.on(
      base + "/_apis/connectionData",
      json_reply(
          R"({"authenticatedUser": {"id": "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "descriptor": "System:PublicAccess;a"}})"));
  EXPECT_THAT(loop.run(provider.repositories(dead, target, "", 100)), FailsWith(Errc::token_rejected));
  ScriptedHttpClient good;
  good.on(list, json_reply(R"({"value": []})",
                           {{"x-vss-userdata", "11111111-2222-4333-8444-555555555555:dev@example.org"}}));
  EXPECT_THAT(loop.run(provider.repositories(good, target, "", 100)), Succeeds());
  EXPECT_EQ(good.asked.size(), 1U);
}

TEST_F(Azure, AMissingBranchIsNotFoundByName) {
  client.on(
      azure_commits_url,
      json_reply(
          404,
          R"({"message": "TF401175: The version descriptor <Branch: gone> could not be resolved", "typeKey": "GitUnresolvableToCommitException"})"));
  const auto page = commits("My Project/My Repo", "gone");
  ASSERT_THAT(page, FailsWith(Errc::not_found));
  EXPECT_EQ(page.error().field, "branch");
  EXPECT_THAT(page.error().message, HasSubstr("gone"));
}

TEST_F(Azure, GitGetsTheOrganizationsRoots) {
  EXPECT_THAT(provider.git_roots(target), ElementsAre(base, "https://octo-org.visualstudio.com"));
  EXPECT_FALSE(provider.git_login(target).username.empty());
  EXPECT_EQ(provider.token_page(target), base + "/_usersSettings/tokens");
  target.organization.reset();
  EXPECT_THAT(provider.git_roots(target), ElementsAre("https://dev.azure.com"));
  EXPECT_THAT(provider.token_page(target), HasSubstr("{organization}"));
}

}  // namespace
}  // namespace forgelink
