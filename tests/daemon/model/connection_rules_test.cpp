// SPDX-License-Identifier: MIT
#include "daemon/model/connection_rules.hpp"

#include <gtest/gtest.h>

#include "daemon/model/connection_view.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

const Time noon = *parse_time("2026-11-24T12:00:00Z");

Connection of_type(const std::string& type) {
  return {.id = ConnectionId::make(), .name = "Work", .type = type};
}

Result<> check(Connection connection) { return check_connection(connection, Endpoints()); }

TEST(ConnectionRules, APlainGithubConnectionIsGood) { EXPECT_THAT(check(of_type("github")), Succeeds()); }

class BadNameTest : public testing::TestWithParam<std::string> {};

TEST_P(BadNameTest, IsRefusedAtItsField) {
  Connection connection = of_type("github");
  connection.name = GetParam();
  const Result<> checked = check(connection);
  ASSERT_THAT(checked, FailsWith(Errc::invalid_params));
  EXPECT_EQ(checked.error().field, "name");
}

INSTANTIATE_TEST_SUITE_P(Names, BadNameTest,
                         testing::Values("", "  ", std::string(101, 'x'), "a\nb", "\xff", "a\xc2\x85"));

TEST(ConnectionRules, AnUnknownTypeNamesThoseThereAre) {
  const Result<> checked = check(of_type("sourceforge"));
  ASSERT_THAT(checked, FailsWith(Errc::invalid_params));
  EXPECT_NE(checked.error().hint.find("github"), std::string::npos);
}

TEST(ConnectionRules, ASelfHostedTypeNeedsItsServer) {
  EXPECT_THAT(check(of_type("gitlab-self-managed")), FailsWith(Errc::server_url_required));
}

TEST(ConnectionRules, BitbucketNeedsAUserName) {
  EXPECT_THAT(check(of_type("bitbucket")), FailsWith(Errc::username_required));
}

TEST(ConnectionRules, AFieldThatATypeDoesNotHaveIsRefused) {
  Connection connection = of_type("github");
  connection.organization = "octo-org";
  EXPECT_THAT(check(connection), FailsWith(Errc::invalid_params));
}

TEST(ConnectionRules, ATokenIsTrimmedAndOneOfTwoPiecesRefused) {
  const Provider& github = *find_provider("github");
  const std::string good = "ghp_" + std::string(36, 'a');
  const Result<SharedSecret> trimmed = check_token(github, Secret(" " + good + "\n"));
  ASSERT_THAT(trimmed, Succeeds());
  EXPECT_EQ((*trimmed)->reveal(), good);
  EXPECT_THAT(check_token(github, Secret("ghp_a b")), FailsWith(Errc::invalid_params));
  EXPECT_THAT(check_token(github, Secret(" \n")), FailsWith(Errc::invalid_params));
}

TEST(ConnectionRules, ADateInTheFutureIsTakenOver) {
  Connection connection = of_type("github");
  apply(connection, {.expires_at = noon + std::chrono::hours(1)}, noon);
  EXPECT_EQ(connection.token.expires_at, noon + std::chrono::hours(1));
  EXPECT_EQ(connection.token.state, TokenState::valid);
}

TEST(ConnectionRules, FaultA1ADateThatIsOverIsIgnored) {
  Connection connection = of_type("github");
  connection.token.expires_at = noon - std::chrono::hours(1);
  connection.token.expiry_typed = true;
  connection.token.state = TokenState::expired;
  apply(connection, {.expires_at = noon}, noon);
  EXPECT_FALSE(connection.token.expires_at.has_value());
  EXPECT_EQ(state_of(connection, noon), TokenState::valid);
}

TEST(ConnectionRules, AnUnsettledAnswerOverrulesNoDate) {
  Connection connection = of_type("github");
  connection.token.expires_at = noon - std::chrono::hours(1);
  apply(connection, {.settled = false}, noon);
  EXPECT_EQ(state_of(connection, noon), TokenState::expired);
}

TEST(ConnectionRules, AHeaderDoesNotChangeTheEndOfASignIn) {
  Connection connection = of_type("github");
  connection.sign_in = SignIn::oauth;
  connection.token.expires_at = noon + std::chrono::hours(8);
  apply(connection, {.expires_at = noon + std::chrono::hours(900)}, noon);
  EXPECT_EQ(connection.token.expires_at, noon + std::chrono::hours(8));
}

TEST(ConnectionRules, ARefusalAfterTheDateIsAnExpiry) {
  Connection connection = of_type("github");
  const Error refusal{.code = Errc::token_rejected, .message = "no"};
  EXPECT_EQ(dated(refusal, connection, noon).code, Errc::token_rejected);
  connection.token.expires_at = noon;
  EXPECT_EQ(dated(refusal, connection, noon).code, Errc::token_expired);
}

TEST(ConnectionRules, AnotherAccountIsRefusedAndNamed) {
  Connection connection = of_type("github");
  connection.account = Account{.id = "1", .login = "mona"};
  const Verification other{.account = ForgeAccount{.id = "2", .login = "hubot"}};
  const Result<> checked = check_account(connection, other);
  ASSERT_THAT(checked, FailsWith(Errc::account_changed));
  EXPECT_NE(checked.error().message.find("hubot"), std::string::npos);
  const Verification same{.account = ForgeAccount{.id = "1", .login = "renamed"}};
  EXPECT_THAT(check_account(connection, same), Succeeds());
}

TEST(ConnectionView, ATokenOutOfReachIsUnavailable) {
  Connection connection = of_type("github");
  connection.token = {.state = TokenState::valid, .store = Store::secret_service, .item = ItemId::make()};
  EXPECT_EQ(view_of(connection, noon, true, Settings()).token.state, "unavailable");
  EXPECT_EQ(view_of(connection, noon, false, Settings()).token.state, "valid");
}

}  // namespace
}  // namespace forgelink
