// SPDX-License-Identifier: MIT
#include "clients/cli/import/import_planner.hpp"

#include <gtest/gtest.h>

#include "clients/cli/import/parsers.hpp"
#include "ipc/client_fields.hpp"

namespace forgelink::cli {
namespace {

template <class T>
std::vector<T> read(const char* list) {
  std::vector<T> all;
  EXPECT_TRUE(ipc::from_json(boost::json::parse(list), all));
  return all;
}

// As type.list of the daemon tells them, as far as import looks at it.
const std::vector<TypeView> types = read<TypeView>(R"([
      {"id":"azure-devops","label":"Azure DevOps","git_hosts":["https://dev.azure.com"],
       "fields":[{"name":"organization","required":false}],
       "recognition":{"host_aliases":["*.visualstudio.com"],"placeholder_usernames":["PersonalAccessToken"]}},
      {"id":"azure-devops-server","label":"Azure DevOps Server","git_hosts":[],
       "recognition":{"path_mark":"_git","parts_before_mark":1}},
      {"id":"bitbucket","label":"Bitbucket","git_hosts":["https://bitbucket.org"],
       "fields":[{"name":"username","required":true},{"name":"email","required":false}],
       "recognition":{"dead_tokens":[{"prefix":"ATBB","reason":"It is an app password."}]}},
      {"id":"github","label":"GitHub","git_hosts":["https://github.com","https://gist.github.com"],
       "recognition":{"host_aliases":["api.github.com"],"programs":["gh"],
                      "placeholder_usernames":["x-access-token"]}},
      {"id":"gitlab","label":"GitLab","git_hosts":["https://gitlab.com"],"recognition":{"programs":["glab"]}},
      {"id":"gitlab-self-managed","label":"GitLab self-managed","git_hosts":[],
       "recognition":{"programs":["glab"],"token_prefixes":["glpat-"]}},
      {"id":"github-enterprise","label":"GitHub Enterprise","git_hosts":[],
       "recognition":{"programs":["gh"],"token_prefixes":["ghp_","github_pat_"],"marks_decide":true}},
      {"id":"bitbucket-data-center","label":"Bitbucket Data Center","git_hosts":[],
       "fields":[{"name":"username","required":true}],
       "recognition":{"path_mark":"scm","parts_before_mark":0,"marks_decide":true}}])");

std::vector<Finding> planned(const std::string& store, const char* connections = "[]") {
  return ImportPlanner(types, read<protocol::ConnectionView>(connections))
      .plan(std::move(parse_git_store(store).found));
}

TEST(ImportPlanner, KnowsTheCloudHostsByWhatTheDaemonTells) {
  for (const auto& [line, type] : {std::pair("https://u:t@github.com", "github"),
                                   {"https://u:t@GitHub.com", "github"},
                                   {"https://u:t@gist.github.com", "github"},
                                   {"https://u:t@gitlab.com", "gitlab"},
                                   {"https://u:t@bitbucket.org", "bitbucket"},
                                   {"https://u:t@dev.azure.com/org/p", "azure-devops"}}) {
    EXPECT_EQ(planned(line).at(0).type, type);
    EXPECT_EQ(planned(line).at(0).state, "new");
  }
  EXPECT_EQ(planned("https://u:t@evilgithub.com").at(0).type, "");
}

TEST(ImportPlanner, FindsTheOrganizationOfAzure) {
  for (const char* line :
       {"https://org:t@dev.azure.com", "https://me:t@dev.azure.com/org/p/_git/r",
        "https://org:t@dev.azure.com/org/p/_git/r", "https://me:t@org.visualstudio.com/p/_git/r"}) {
    EXPECT_EQ(planned(line).at(0).organization, "org") << line;
    EXPECT_NE(planned(line).at(0).username, "org") << line;
  }
  EXPECT_EQ(planned("https://PersonalAccessToken:t@dev.azure.com").at(0).missing, "organization");
}

TEST(ImportPlanner, TheSameTokenForTheSamePlaceIsOneFinding) {
  const auto findings = planned(
      "https://x-access-token:t@github.com\nhttps://mona:t@gist.github.com\nhttps://"
      "mona:u@github.com\nhttps://mona:t@gitlab.com\n");
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].username, "mona");
  EXPECT_EQ(findings[0].places.size(), 2u);
}

TEST(ImportPlanner, WhatExistsIsToldByHostAndWho) {
  const char* connections =
      R"([{"name":"Work","type":"github","username":null,"account":{"id":"1","login":"Octo-Dev","email":null}},
          {"name":"Lab","type":"gitlab-self-managed","server_url":"https://lab.example/git","username":"mona"}])";
  EXPECT_EQ(planned("https://octo-dev:t@github.com", connections).at(0).connection, "Work");
  EXPECT_EQ(planned("https://mona:t@github.com", connections).at(0).state, "new");
  EXPECT_EQ(planned("https://x-access-token:t@github.com", connections).at(0).state, "exists");
  EXPECT_EQ(planned("https://mona:t@lab.example", connections).at(0).connection, "Lab");
  const auto other = planned("https://octo-dev:t@lab.example", connections);
  EXPECT_EQ(other.at(0).state, "new");
  EXPECT_EQ(other.at(0).server_url, "https://lab.example/git");
}

TEST(ImportPlanner, WhatCannotBeUsedHasASentence) {
  EXPECT_EQ(planned("https://u:ATBB0123456789@bitbucket.org").at(0).state, "cannot");
  EXPECT_EQ(planned("https://u:t@git.example").at(0).missing, "type");
  EXPECT_EQ(planned("https://u%40x.org:ATATT012345678@bitbucket.org").at(0).missing, "username");
  std::vector<Found> all;
  for (Found& old : parse_git_store("https://u:t@gitlab.com").found) {
    old.expires_at = "2020-01-01T00:00:00Z";
    all.push_back(std::move(old));
  }
  for (const Finding& finding : ImportPlanner(types, {}).plan(std::move(all))) {
    EXPECT_EQ(finding.state, "cannot");
    EXPECT_FALSE(finding.sentence.empty());
  }
}

TEST(ImportPlanner, OfANetrcOnlyForgesCount) {
  const Parsed netrc = parse_netrc(
      "machine ftp.example login u password p\nmachine github.com login u password p\nmachine lab.example "
      "login u password glpat-0123456789\n");
  std::vector<Found> all;
  for (const Found& found : netrc.found) {
    all.push_back({.source = "netrc",
                   .scheme = "https",
                   .host = found.host,
                   .username = found.username,
                   .token = found.token.duplicate()});
  }
  const auto findings = ImportPlanner(types, {}).plan(std::move(all));
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[1].missing, "type");
}

TEST(ImportPlanner, NamesAreShortAndUnique) {
  const char* taken = R"([{"name":"GitLab.com","type":"github"}])";
  const auto findings = planned(
      "https://a:1@github.com\nhttps://b:2@github.com\nhttps://b:3@github.com\nhttps://"
      "c:4@gitlab.com\nhttps://d:5@bitbucket.org\n",
      taken);
  std::vector<std::string> names;
  for (const Finding& finding : findings) names.push_back(finding.name);
  EXPECT_EQ(names, (std::vector<std::string>{"github.com a", "github.com b", "github.com b 2", "gitlab.com c",
                                             "bitbucket.org"}));
}

TEST(ImportPlanner, SuggestsWhereAServerIs) {
  Found found{.scheme = "http", .host = "TFS.example:8080", .path = "tfs/Default/project/_git/repo"};
  const ImportPlanner planner(types, {});
  EXPECT_EQ(planner.server_of(found, "azure-devops-server"), "http://tfs.example:8080/tfs/Default");
  EXPECT_EQ(planner.server_of(found, "gitlab-self-managed"), "http://tfs.example:8080");
}

TEST(ImportPlanner, AGithubTokenOnAStrangeHostIsGithubEnterprise) {
  for (const char* token : {"ghp_0123456789abcdef", "github_pat_0123456789abcdef"}) {
    const auto all = planned("https://mona:" + std::string(token) + "@git.corp.example");
    const Finding& found = all.at(0);
    EXPECT_EQ(found.type, "github-enterprise");
    EXPECT_EQ(found.server_url, "https://git.corp.example");
    EXPECT_EQ(found.state, "new");
  }
}

TEST(ImportPlanner, WhatGhKeepsForAnotherHostIsGithubEnterprise) {
  std::vector<Found> all = parse_gh("ghe.example:\n  oauth_token: t\n").found;
  const auto findings = ImportPlanner(types, {}).plan(std::move(all));
  EXPECT_EQ(findings.at(0).type, "github-enterprise");
  EXPECT_EQ(findings.at(0).server_url, "https://ghe.example");
}

TEST(ImportPlanner, ScmInThePathIsDataCenterBelowItsContextPath) {
  const auto root = planned("https://u:t@stash.example/scm/p/r.git");
  EXPECT_EQ(root.at(0).type, "bitbucket-data-center");
  EXPECT_EQ(root.at(0).server_url, "https://stash.example");
  const auto below = planned("https://u:t@stash.example/bitbucket/scm/~u/r.git");
  EXPECT_EQ(below.at(0).server_url, "https://stash.example/bitbucket");
  EXPECT_EQ(planned("https://u%40x.org:t@stash.example/scm/p/r.git").at(0).missing, "username");
}

TEST(ImportPlanner, AGitlabTokenOnAStrangeHostIsAsked) {
  const auto found = planned("https://mona:glpat-0123456789@git.corp.example");
  EXPECT_EQ(found.at(0).missing, "type");
  EXPECT_NE(found.at(0).sentence.find("--type gitlab-self-managed"), std::string::npos)
      << found.at(0).sentence;
}

TEST(ImportPlanner, APlaceholderIsNobodysName) {
  EXPECT_EQ(planned("https://X-Access-Token:t@github.com").at(0).username, "");
  EXPECT_EQ(planned("https://mona:t@github.com").at(0).username, "mona");
}

}  // namespace
}  // namespace forgelink::cli
