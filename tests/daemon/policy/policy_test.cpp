// SPDX-License-Identifier: MIT
#include "daemon/policy/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/settings/policy_file.hpp"
#include "tests/support/results.hpp"

namespace forgelink::policy_tests {
namespace {

using testing::HasSubstr;

const Endpoints endpoints;
const Time now = *parse_time("2026-11-26T00:00:00Z");

Policy frame(std::string_view text) { return parse_policy(text, "policy.toml"); }

Connection github_connection() {
  Connection connection;
  connection.name = "Work";
  connection.type = "github";
  connection.retention = Retention::keep;
  connection.token.state = TokenState::valid;
  connection.token.expires_at = *parse_time("2026-12-26T00:00:00Z");
  return connection;
}

Connection gitlab_connection(std::string server) {
  Connection connection = github_connection();
  connection.type = "gitlab-self-managed";
  connection.server_url = std::move(server);
  return connection;
}

TEST(Policy, NoneAllowsEverything) {
  EXPECT_FALSE(no_policy()->exists());
  EXPECT_FALSE(no_policy()->forbids(github_connection(), endpoints, now));
  EXPECT_THAT(no_policy()->check(github_connection(), endpoints, now), Succeeds());
}

TEST(Policy, ATypeThatIsNotListedIsForbidden) {
  const Policy policy = frame("allowed_types = [\"gitlab-self-managed\"]");
  EXPECT_TRUE(policy.forbids(github_connection(), endpoints, now));
  EXPECT_FALSE(policy.forbids(gitlab_connection("https://git.example"), endpoints, now));
  EXPECT_TRUE(policy.forbids(*find_provider("github"), endpoints));
  EXPECT_FALSE(policy.forbids(*find_provider("gitlab-self-managed"), endpoints));
}

TEST(Policy, AnEmptyListAllowsNothing) {
  EXPECT_TRUE(frame("allowed_types = []").forbids(github_connection(), endpoints, now));
  EXPECT_TRUE(frame("allowed_hosts = []").forbids(github_connection(), endpoints, now));
  EXPECT_TRUE(frame("allowed_hosts = []").forbids(*find_provider("gitlab-self-managed"), endpoints));
}

TEST(Policy, AHostWithoutAPortIsAnyPortOfIt) {
  const Policy policy = frame("allowed_hosts = [\"Git.Example\"]");
  EXPECT_FALSE(policy.forbids(gitlab_connection("https://git.example"), endpoints, now));
  EXPECT_FALSE(policy.forbids(gitlab_connection("https://git.example:8443/lab"), endpoints, now));
  EXPECT_TRUE(policy.forbids(gitlab_connection("https://sub.git.example"), endpoints, now));
  EXPECT_TRUE(policy.forbids(gitlab_connection("https://evilgit.example"), endpoints, now));
}

TEST(Policy, AHostWithAPortIsThatPortAlone) {
  const Policy policy = frame("allowed_hosts = [\"git.example:8443\"]");
  EXPECT_FALSE(policy.forbids(gitlab_connection("https://git.example:8443"), endpoints, now));
  EXPECT_TRUE(policy.forbids(gitlab_connection("https://git.example"), endpoints, now));
  const Policy usual = frame("allowed_hosts = [\"git.example:443\"]");
  EXPECT_FALSE(usual.forbids(gitlab_connection("https://git.example"), endpoints, now));
  EXPECT_TRUE(usual.forbids(gitlab_connection("https://git.example:8443"), endpoints, now));
}

TEST(Policy, TheHostIsTheOneGitClonesFrom) {
  EXPECT_FALSE(frame("allowed_hosts = [\"github.com\"]").forbids(github_connection(), endpoints, now));
  EXPECT_TRUE(frame("allowed_hosts = [\"api.github.com\"]").forbids(github_connection(), endpoints, now));
}

TEST(Policy, WithoutTokensATokenIsFlaggedAndServesGit) {
  const Policy policy = frame("pat = false");
  EXPECT_TRUE(policy.forbids(github_connection(), endpoints, now));
  EXPECT_FALSE(policy.forbids(github_connection(), endpoints, now, Policy::Extent::git));
  Connection by_sign_in = github_connection();
  by_sign_in.sign_in = SignIn::oauth;
  EXPECT_FALSE(policy.forbids(by_sign_in, endpoints, now));
  EXPECT_TRUE(policy.forbids(*find_provider("azure-devops-server"), endpoints));
}

TEST(Policy, TheLongestLifetimeCountsFromNow) {
  const Policy policy = frame("longest_lifetime = \"30d\"");
  Connection connection = github_connection();
  EXPECT_FALSE(policy.forbids(connection, endpoints, now));
  connection.token.expires_at = *connection.token.expires_at + std::chrono::seconds(1);
  EXPECT_TRUE(policy.forbids(connection, endpoints, now));
  EXPECT_FALSE(policy.forbids(connection, endpoints, now, Policy::Extent::place));
}

TEST(Policy, ATokenWithoutAnEndIsForbiddenAndOneWhoseEndNobodyTellsWantsADate) {
  const Policy policy = frame("longest_lifetime = \"30d\"");
  Connection connection = github_connection();
  connection.token.expires_at.reset();
  EXPECT_THAT(*policy.forbids(connection, endpoints, now), HasSubstr("without an end"));
  connection.type = "bitbucket";
  EXPECT_THAT(*policy.forbids(connection, endpoints, now), HasSubstr("an expiry date"));
  connection.token.state = TokenState::missing;
  EXPECT_FALSE(policy.forbids(connection, endpoints, now)) << "there is no token to judge";
}

TEST(Policy, ATokenThatIsKeptIsForbiddenWhereAllEndWithTheSession) {
  const Policy policy = frame("retention = \"session\"");
  Connection connection = github_connection();
  EXPECT_TRUE(policy.forbids(connection, endpoints, now));
  connection.retention = Retention::session;
  EXPECT_FALSE(policy.forbids(connection, endpoints, now));
}

TEST(Policy, ARefusalCarriesTheContact) {
  const Policy policy = frame("contact = \"Ask the help desk.\"\nallowed_types = []");
  const Result<> checked = policy.check(github_connection(), endpoints, now);
  ASSERT_THAT(checked, FailsWith(Errc::policy_forbids));
  EXPECT_EQ(checked.error().details.at("contact").as_string(), "Ask the help desk.");
  EXPECT_EQ(checked.error().hint, "Ask the help desk.");
}

TEST(Policy, AnAppOfTheServerComesBeforeOneOfTheType) {
  const Policy policy = frame(
      "[oauth.gitlab-self-managed]\nclient_id = \"all\"\n[[oauth.server]]\nurl = \"https://Git.Example/\"\n"
      "client_id = \"one\"\n");
  EXPECT_EQ(policy.app("gitlab-self-managed", "https://git.example")->client_id, "one");
  EXPECT_EQ(policy.app("gitlab-self-managed", "https://other.example")->client_id, "all");
  EXPECT_EQ(policy.app("github", std::nullopt), nullptr);
}

TEST(Policy, AskHoldsForEveryConnection) {
  EXPECT_TRUE(frame("access = \"ask\"").ask);
  EXPECT_FALSE(frame("pat = true").ask);
}

}  // namespace
}  // namespace forgelink::policy_tests
