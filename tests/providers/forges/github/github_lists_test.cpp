// SPDX-License-Identifier: MIT
#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GitHubLists : public ForgeFixture {
 protected:
  GitHubLists() : ForgeFixture("github") {}
};

constexpr const char* repos_url = "https://api.github.com/user/repos";
constexpr const char* a_repository =
    R"([{"id": 11, "name": "hello", "full_name": "octo-dev/hello", "private": true,
    "archived": true, "default_branch": "main", "clone_url": "https://github.com/octo-dev/hello.git",
    "ssh_url": "git@github.com:octo-dev/hello.git", "html_url": "https://github.com/octo-dev/hello",
    "pushed_at": "2026-11-01T10:00:00Z"}])";

TEST_F(GitHubLists, ListsRepositoriesToTheEnd) {
  const std::string second = std::string(repos_url) + "?page=2";
  client.on(repos_url,
            json_reply(a_repository, {{"link", "<" + second + ">; rel=\"next\", <x>; rel=\"last\""}}));
  client.on(
      second,
      json_reply(
          R"([{"id": 12, "full_name": "octo-dev/empty", "default_branch": null, "pushed_at": null}, {"id": null}, 7])",
          {{"link", "<" + std::string(repos_url) + "?page=1>; rel=\"prev\""}}));
  const auto first = repositories("", 500);
  ASSERT_THAT(first, Succeeds());
  ASSERT_EQ(first->items.size(), 1U);
  const Repository& hello = first->items[0];
  EXPECT_EQ(hello.id, "11");
  EXPECT_EQ(hello.path, "octo-dev/hello");
  EXPECT_EQ(hello.name, "hello");
  EXPECT_EQ(hello.is_private, true);
  EXPECT_EQ(hello.archived, true);
  EXPECT_EQ(hello.default_branch, "main");
  EXPECT_EQ(hello.clone_url, "https://github.com/octo-dev/hello.git");
  EXPECT_EQ(hello.ssh_url, "git@github.com:octo-dev/hello.git");
  EXPECT_EQ(hello.web_url, "https://github.com/octo-dev/hello");
  EXPECT_EQ(rfc3339(*hello.updated_at), "2026-11-01T10:00:00Z");
  EXPECT_FALSE(first->partial);
  EXPECT_EQ(first->next, second);
  EXPECT_THAT(client.urls().at(0),
              HasSubstr("per_page=100&affiliation=owner%2Ccollaborator%2Corganization_member"));

  const auto rest = repositories(first->next);
  ASSERT_THAT(rest, Succeeds());
  ASSERT_EQ(rest->items.size(), 1U) << "what is no repository is left out";
  EXPECT_EQ(rest->items[0].path, "octo-dev/empty");
  EXPECT_FALSE(rest->items[0].default_branch);
  EXPECT_EQ(rest->next, "");
}

TEST_F(GitHubLists, AListWithoutSingleSignOnIsPartial) {
  client.on(repos_url, json_reply("[]", {{"x-github-sso", "partial-results; organizations=1,2"}}));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_TRUE(page->partial);
}

TEST_F(GitHubLists, NothingIsSentToAnotherOriginThatANextLinkNames) {
  for (const char* evil :
       {"https://evil.example/user/repos?page=2", "http://api.github.com/user/repos?page=2",
        "https://api.github.com:8443/user/repos", "https://api.github.com@evil.example/",
        "/user/repos?page=2", "//evil.example/"}) {
    ScriptedHttpClient scripted;
    scripted.on(repos_url, json_reply(a_repository, {{"link", "<" + std::string(evil) + ">; rel=\"next\""}}));
    const auto first = loop.run(provider.repositories(scripted, target, "", 100));
    ASSERT_THAT(first, Succeeds()) << evil;
    EXPECT_EQ(first->items.size(), 1U) << "the page that came is shown";
    EXPECT_TRUE(first->next.empty() || first->next.starts_with("https://api.github.com/")) << evil;
    EXPECT_EQ(scripted.asked.size(), 1U);
    EXPECT_THAT(loop.run(provider.repositories(scripted, target, evil, 100)), FailsWith(Errc::forge_error))
        << evil;
    EXPECT_THAT(loop.run(provider.commits(scripted, target, CommitQuery{"a/b", ""}, evil, 100)),
                FailsWith(Errc::forge_error))
        << evil;
    EXPECT_EQ(scripted.asked.size(), 1U) << evil;
  }
}

constexpr const char* github_commits_url = "https://api.github.com/repos/octo-dev/hello/commits";

TEST_F(GitHubLists, ListsCommitsWithTheirAuthors) {
  client.on(github_commits_url, json_reply(R"([
    {"sha": "6dcb", "html_url": "https://github.com/octo-dev/hello/commit/6dcb", "author": {"login": "octo-dev"},
     "commit": {"message": "Fix\r\n\nWith a body.", "author": {"name": "Octo Dev", "email": "dev@example.org", "date": "2026-11-01T12:00:00+02:00"}}},
    {"sha": "7a", "author": null, "commit": {"message": "Out", "author": {"name": "N", "email": "nobody@example.net", "date": "x"}}},
    {"sha": "7b", "author": {}, "commit": {"message": "Hid", "author": {"name": "", "email": "42+hidden-hand@users.noreply.github.com"}}},
    {"sha": "7c", "commit": {"message": null, "author": {"email": "older@users.noreply.github.com"}}},
    {"sha": "7d", "commit": {"author": {"email": "x@users.noreply.github.com.evil.example"}}},
    {"sha": "7e", "commit": null}, {"sha": 7}, null])"));
  const auto page = commits("octo-dev/hello", "feature/x", "", 20);
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(client.urls().at(0), std::string(github_commits_url) + "?per_page=20&sha=feature%2Fx");
  ASSERT_EQ(page->items.size(), 5U);
  const Commit& first = page->items[0];
  EXPECT_EQ(first.id, "6dcb");
  EXPECT_EQ(first.title, "Fix");
  EXPECT_EQ(first.message, "Fix\r\n\nWith a body.");
  EXPECT_EQ(first.author_name, "Octo Dev");
  EXPECT_EQ(first.author_email, "dev@example.org");
  EXPECT_EQ(first.author_username, "octo-dev");
  EXPECT_EQ(first.author_date, "2026-11-01T12:00:00+02:00");
  EXPECT_EQ(first.web_url, "https://github.com/octo-dev/hello/commit/6dcb");
  EXPECT_FALSE(page->items[1].author_username);
  EXPECT_EQ(page->items[2].author_username, "hidden-hand");
  EXPECT_FALSE(page->items[2].author_name);
  EXPECT_EQ(page->items[3].author_username, "older");
  EXPECT_FALSE(page->items[4].author_username);
}

TEST_F(GitHubLists, AnEmptyRepositoryHasNoCommits) {
  client.on(github_commits_url, json_reply(409, R"({"message": "Git Repository is empty."})"));
  const auto page = commits("https://github.com/octo-dev/hello");
  ASSERT_THAT(page, Succeeds());
  EXPECT_THAT(page->items, IsEmpty());
  EXPECT_EQ(page->next, "");
}

TEST_F(GitHubLists, AMissingBranchAndAMissingRepositoryAreNotFoundByName) {
  client.on(github_commits_url, json_reply(404, R"({"message": "Not Found"})"));
  const auto branch = commits("octo-dev/hello", "gone");
  ASSERT_THAT(branch, FailsWith(Errc::not_found));
  EXPECT_EQ(branch.error().field, "branch");
  EXPECT_THAT(branch.error().message, HasSubstr("gone"));
  const auto whole = commits("octo-dev/hello");
  ASSERT_THAT(whole, FailsWith(Errc::not_found));
  EXPECT_EQ(whole.error().field, "repository");
  EXPECT_THAT(whole.error().message, HasSubstr("not found or not visible to this token"));
}

TEST_F(GitHubLists, WhatIsHiddenBySingleSignOnOrForLackOfAScopeSaysSo) {
  client.on(github_commits_url,
            json_reply(404, "{}", {{"x-github-sso", "required; url=https://github.com/orgs/o/sso?x=1"}}));
  client.on(github_commits_url, json_reply(404, "{}", {{"x-oauth-scopes", "public_repo, gist"}}));
  client.on(github_commits_url, json_reply(404, "{}", {{"x-oauth-scopes", "repo"}}));
  const auto hidden = commits("octo-dev/hello");
  ASSERT_THAT(hidden, FailsWith(Errc::sso_required));
  EXPECT_THAT(hidden.error().url, HasSubstr("/orgs/o/sso"));
  const auto lacking = commits("octo-dev/hello");
  ASSERT_THAT(lacking, FailsWith(Errc::not_found));
  EXPECT_THAT(lacking.error().hint, HasSubstr("scope repo"));
  const auto gone = commits("octo-dev/hello");
  ASSERT_THAT(gone, FailsWith(Errc::not_found));
  EXPECT_EQ(gone.error().hint, "");
}

TEST_F(GitHubLists, PagesAreCountedFromTheNewestCommitOfTheFirst) {
  const std::string id(40, 'a'), old(40, 'b');
  client.on(
      github_commits_url + std::string("?per_page=1"),
      json_reply(R"([{"sha": ")" + id + R"(", "commit": {"message": "x"}}])",
                 {{"link",
                   "<https://api.github.com/repositories/7/commits?per_page=1&page=2>; rel=\"next\", "
                   "<https://api.github.com/repositories/7/commits?per_page=1&page=3>; rel=\"last\""}}));
  client.on("page=2&sha=" + id, json_reply(R"([{"sha": ")" + old + R"(", "commit": {"message": "y"}}])",
                                           {{"link", "<https://api.github.com/repositories/7/commits?sha=" +
                                                         id + "&page=3>; rel=\"next\""}}));
  const auto first = commits("octo-dev/hello", "", "", 1);
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(first->next, "https://api.github.com/repositories/7/commits?per_page=1&page=2&sha=" + id);
  EXPECT_THAT(first->ahead,
              ElementsAre("https://api.github.com/repositories/7/commits?per_page=1&page=3&sha=" + id));
  const auto second = commits("octo-dev/hello", "", first->next, 1);
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(second->next, "https://api.github.com/repositories/7/commits?sha=" + id + "&page=3")
      << "as the forge gives it";
}

TEST_F(GitHubLists, ANameThatIsAnAddressOfAnotherServerOrTooLongIsRefusedWithoutAQuestion) {
  for (const char* name :
       {"gitlab.com/octo-dev/hello", "group/sub/project", "https://gitlab.com/octo-dev/hello"})
    EXPECT_THAT(commits(name), FailsWith(Errc::invalid_params)) << name;
  EXPECT_TRUE(client.asked.empty());
}

TEST_F(GitHubLists, ARenamedRepositoryIsFollowedWithinItsOrigin) {
  client.on(github_commits_url, json_reply("[]"));
  ASSERT_THAT(commits("octo-dev/hello"), Succeeds());
  EXPECT_TRUE(client.asked.at(0).follow_within_origin);
}

TEST_F(GitHubLists, AnIdIsLookedUpInTheList) {
  client.on(repos_url, json_reply(a_repository));
  client.on(github_commits_url, json_reply("[]"));
  EXPECT_THAT(commits("11"), Succeeds());
  EXPECT_THAT(commits("99"), FailsWith(Errc::not_found));
}

TEST_F(GitHubLists, WhatIsNotToldIsNeitherYesNorNo) {
  client.on("/user/repos", json_reply(R"([{"id": 1, "full_name": "a/b"}])"));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).is_private, std::nullopt);
  EXPECT_EQ(page->items.at(0).archived, std::nullopt);
}

TEST_F(GitHubLists, ALinkToAnotherOriginIsFollowedAtTheOwn) {
  client.on("/user/repos",
            json_reply(R"([{"id": 1, "full_name": "a/b"}])",
                       {{"link", "<http://proxy.internal:8080/user/repos?page=2>; rel=\"next\""}}));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->next, "https://api.github.com/user/repos?page=2");
}

TEST_F(GitHubLists, ALastPageOfManyDigitsIsNoPromise) {
  client.on(
      "/user/repos",
      json_reply("[]",
                 {{"link",
                   "<https://api.github.com/user/repos?page=2>; rel=\"next\", "
                   "<https://api.github.com/user/repos?page=99999999999999999999999999>; rel=\"last\""}}));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_THAT(page->ahead, IsEmpty());
}

TEST_F(GitHubLists, AnInstallationTokenListsWhatItsInstallationSees) {
  use("ghs_0123456789012345678901234567890123456789");
  client.on(
      "/installation/repositories",
      json_reply(R"({"total_count": 1, "repositories": [{"id": 1, "full_name": "a/b", "private": true}]})"));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).path, "a/b");
}

TEST_F(GitHubLists, ALookUpByIdEndsWithAListThatDoesNot) {
  client.on("/user/repos",
            json_reply("[]", {{"link", "<https://api.github.com/user/repos?page=2>; rel=\"next\""}}));
  EXPECT_THAT(commits("4711"), FailsWith(Errc::not_found));
  EXPECT_LE(client.asked.size(), 3u);
}

}  // namespace
}  // namespace forgelink
