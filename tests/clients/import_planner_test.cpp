// SPDX-License-Identifier: MIT
#include "clients/cli/import/import_planner.hpp"

#include <gtest/gtest.h>

#include "clients/cli/import/parsers.hpp"

namespace forgelink::cli {
namespace {

const json::array types =
    json::parse(R"([{"id":"azure-devops","label":"Azure DevOps","git_hosts":["https://dev.azure.com"]},
                    {"id":"azure-devops-server","label":"Azure DevOps Server","git_hosts":[]},
                    {"id":"bitbucket","label":"Bitbucket","git_hosts":["https://bitbucket.org"]},
                    {"id":"github","label":"GitHub","git_hosts":["https://github.com","https://gist.github.com"]},
                    {"id":"gitlab","label":"GitLab","git_hosts":["https://gitlab.com"]},
                    {"id":"gitlab-self-managed","label":"GitLab self-managed","git_hosts":[]}])")
        .as_array();

std::vector<Finding> judged(std::string_view store, const char* connections = "[]") {
  return ImportPlanner(types, json::parse(connections).as_array()).judge(std::move(parse_git_store(store).found));
}

TEST(ImportPlanner, KnowsTheCloudHostsByWhatTheDaemonTells) {
  for (const auto& [line, type] : {std::pair("https://u:t@github.com", "github"),
                                   {"https://u:t@GitHub.com", "github"},
                                   {"https://u:t@gist.github.com", "github"},
                                   {"https://u:t@gitlab.com", "gitlab"},
                                   {"https://u:t@bitbucket.org", "bitbucket"},
                                   {"https://u:t@dev.azure.com/org/p", "azure-devops"}}) {
    EXPECT_EQ(judged(line).at(0).type, type);
    EXPECT_EQ(judged(line).at(0).state, "new");
  }
  EXPECT_EQ(judged("https://u:t@evilgithub.com").at(0).type, "");
}

TEST(ImportPlanner, FindsTheOrganizationOfAzure) {
  for (const char* line :
       {"https://org:t@dev.azure.com", "https://me:t@dev.azure.com/org/p/_git/r",
        "https://org:t@dev.azure.com/org/p/_git/r", "https://me:t@org.visualstudio.com/p/_git/r"}) {
    EXPECT_EQ(judged(line).at(0).organization, "org") << line;
    EXPECT_NE(judged(line).at(0).username, "org") << line;
  }
  EXPECT_EQ(judged("https://PersonalAccessToken:t@dev.azure.com").at(0).missing, "organization");
}

TEST(ImportPlanner, TheSameTokenForTheSamePlaceIsOneFinding) {
  const auto findings = judged(
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
  EXPECT_EQ(judged("https://octo-dev:t@github.com", connections).at(0).connection, "Work");
  EXPECT_EQ(judged("https://mona:t@github.com", connections).at(0).state, "new");
  EXPECT_EQ(judged("https://x-access-token:t@github.com", connections).at(0).state, "exists");
  EXPECT_EQ(judged("https://mona:t@lab.example", connections).at(0).connection, "Lab");
  const auto other = judged("https://octo-dev:t@lab.example", connections);
  EXPECT_EQ(other.at(0).state, "new");
  EXPECT_EQ(other.at(0).server_url, "https://lab.example/git");
}

TEST(ImportPlanner, WhatCannotBeUsedHasASentence) {
  EXPECT_EQ(judged("https://u:ATBB0123456789@bitbucket.org").at(0).state, "cannot");
  EXPECT_EQ(judged("https://u:t@stash.example/scm/p/r.git").at(0).state, "cannot");
  EXPECT_EQ(judged("https://u:t@git.example").at(0).missing, "type");
  EXPECT_EQ(judged("https://u%40x.org:ATATT012345678@bitbucket.org").at(0).missing, "username");
  std::vector<Found> all = parse_gh("ghe.example:\n  oauth_token: t\n").found;
  for (Found& old : parse_git_store("https://u:t@gitlab.com").found) {
    old.expires_at = "2020-01-01T00:00:00Z";
    all.push_back(std::move(old));
  }
  for (const Finding& finding : ImportPlanner(types, {}).judge(std::move(all))) {
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
  const auto findings = ImportPlanner(types, {}).judge(std::move(all));
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[1].missing, "type");
}

TEST(ImportPlanner, NamesAreShortAndUnique) {
  const char* taken = R"([{"name":"GitLab.com","type":"github"}])";
  const auto findings = judged(
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
  EXPECT_EQ(ImportPlanner::server_of(found, "azure-devops-server"), "http://tfs.example:8080/tfs/Default");
  EXPECT_EQ(ImportPlanner::server_of(found, "gitlab-self-managed"), "http://tfs.example:8080");
}

}  // namespace
}  // namespace forgelink::cli
