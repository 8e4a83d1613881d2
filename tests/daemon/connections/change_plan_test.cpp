// SPDX-License-Identifier: MIT
#include "daemon/connections/change_plan.hpp"

#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

const Time today = *parse_time("2026-11-24T12:00:00Z");
const Time later = today + std::chrono::hours(24), earlier = today - std::chrono::hours(24);

Connection stored() {
  Connection row{.id = ConnectionId::make(), .name = "Work", .type = "gitlab-self-managed"};
  row.server_url = "https://git.example/sub";
  row.token = {.state = TokenState::valid, .store = Store::secret_service, .item = ItemId::make()};
  row.account = Account{.id = "1"};
  return row;
}

Result<ChangePlan> plan(const Connection& before, const ConnectionEdits& edits, bool has_token = false,
                        bool profile_changed = false) {
  return plan_change(before, edited(before, edits, has_token), edits, has_token, profile_changed, today);
}

TEST(ChangePlan, AnotherNameNeedsNeitherForgeNorKeyring) {
  ConnectionEdits edits;
  edits.name = "Other";
  const Result<ChangePlan> planned = plan(stored(), edits);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_EQ(planned->row.name, "Other");
  EXPECT_FALSE(planned->read_stored || planned->verify || planned->put);
}

TEST(ChangePlan, ANewTokenIsVerifiedAndPut) {
  const Result<ChangePlan> planned = plan(stored(), {}, true);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_TRUE(planned->verify && planned->put && planned->check_account);
  EXPECT_FALSE(planned->read_stored);
  EXPECT_EQ(planned->row.token.state, TokenState::unverified);
}

TEST(ChangePlan, AnUnverifiedNewTokenKeepsTheAccountToBeComparedLater) {
  ConnectionEdits edits;
  edits.verify = false;
  const Result<ChangePlan> planned = plan(stored(), edits, true);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_FALSE(planned->verify);
  EXPECT_TRUE(planned->row.account.has_value());
}

TEST(ChangePlan, WithThePersonsYesTheAccountIsOpen) {
  ConnectionEdits edits;
  edits.verify = false;
  edits.accept_account_change = true;
  const Result<ChangePlan> planned = plan(stored(), edits, true);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_FALSE(planned->row.account.has_value());
}

TEST(ChangePlan, ANewTokenWhoseGivenDateIsOverIsRefused) {
  ConnectionEdits edits;
  edits.expires_at = {.given = true, .value = earlier};
  EXPECT_THAT(plan(stored(), edits, true), FailsWith(Errc::token_expired));
}

TEST(ChangePlan, AnotherRetentionMovesTheTokenWithoutAskingTheForge) {
  ConnectionEdits edits;
  edits.retention = Retention::session;
  const Result<ChangePlan> planned = plan(stored(), edits);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_TRUE(planned->read_stored && planned->put);
  EXPECT_FALSE(planned->verify);
  EXPECT_EQ(planned->row.token.state, TokenState::valid);
}

TEST(ChangePlan, AnotherServerNeedsATokenOfItsOwn) {
  ConnectionEdits edits;
  edits.server_url = {.given = true, .value = "https://other.example/sub"};
  const Result<ChangePlan> planned = plan(stored(), edits);
  ASSERT_THAT(planned, FailsWith(Errc::invalid_params));
  EXPECT_EQ(planned.error().field, "token");
}

TEST(ChangePlan, AnotherPathOfTheSameServerIsVerified) {
  ConnectionEdits edits;
  edits.server_url = {.given = true, .value = "https://git.example/other"};
  const Result<ChangePlan> planned = plan(stored(), edits);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_TRUE(planned->read_stored && planned->verify);
  EXPECT_FALSE(planned->put);
}

TEST(ChangePlan, WhatIsNotVerifiedThenIsUnverified) {
  ConnectionEdits edits;
  edits.organization = {.given = true, .value = "other"};
  edits.verify = false;
  const Result<ChangePlan> planned = plan(stored(), edits);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_FALSE(planned->verify);
  EXPECT_EQ(planned->row.token.state, TokenState::unverified);
}

TEST(ChangePlan, AnotherProfileIsVerified) {
  const Result<ChangePlan> planned = plan(stored(), {}, false, true);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_TRUE(planned->verify);
}

TEST(ChangePlan, AnEndTakenBackIsVerified) {
  Connection before = stored();
  before.token.state = TokenState::expired;
  before.token.expires_at = earlier;
  ConnectionEdits edits;
  edits.expires_at = {.given = true, .value = later};
  const Result<ChangePlan> planned = plan(before, edits);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_TRUE(planned->verify);
  EXPECT_TRUE(planned->row.token.expiry_typed);
}

TEST(ChangePlan, AConnectionWithoutATokenHasNothingToAskAbout) {
  Connection before = stored();
  before.token = {};
  ConnectionEdits edits;
  edits.verify = true;
  edits.server_url = {.given = true, .value = "https://other.example"};
  const Result<ChangePlan> planned = plan(before, edits);
  ASSERT_THAT(planned, Succeeds());
  EXPECT_FALSE(planned->read_stored || planned->verify || planned->put);
}

}  // namespace
}  // namespace forgelink
