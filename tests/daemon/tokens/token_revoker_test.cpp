// SPDX-License-Identifier: MIT
#include "daemon/tokens/token_revoker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using Outcome = TokenRevoker::Outcome;

class TokenRevokerTest : public testing::Test, public DaemonFixture {
 protected:
  ConnectionId lab() { return with_token(draft("Lab", "gitlab"), "glpat-token"); }
  Outcome revoke(ConnectionId id) {
    const Result<TokenRevoker::Revoked> revoked = run(revoker_.revoke(id));
    EXPECT_THAT(revoked, Succeeds());
    return revoked->outcome;
  }

  OAuthApps apps_{*registry, vault, settings};
  OAuthClient oauth_{http, clock};
  TokenRevoker revoker_{*registry, tokens, vault, apps_, oauth_, locks, http, events, settings};
};

TEST_F(TokenRevokerTest, ARevokedTokenIsGoneHereAsWell) {
  const ConnectionId id = lab();
  http.on("/personal_access_tokens/self", 204, "");
  EXPECT_EQ(revoke(id), Outcome::revoked);
  ASSERT_EQ(http.asked.size(), 1u);
  EXPECT_EQ(http.asked[0].method, "DELETE");
  EXPECT_EQ(row(id).token.state, TokenState::missing);
  EXPECT_TRUE(keyring.items.empty());
  EXPECT_THAT(published, testing::ElementsAre(EventKind::token_revoked, EventKind::connection_updated));
}

TEST_F(TokenRevokerTest, ATokenThatIsDeadAlreadyCountsAsRevoked) {
  const ConnectionId id = lab();
  http.on("/personal_access_tokens/self", 401, "{}");
  EXPECT_EQ(revoke(id), Outcome::revoked);
  EXPECT_EQ(row(id).token.state, TokenState::missing);
}

TEST_F(TokenRevokerTest, WhatTheForgeDidNotEndIsKept) {
  const ConnectionId id = lab();
  http.on("/personal_access_tokens/self", Error{.code = Errc::forge_unreachable, .message = "Away."});
  const Result<TokenRevoker::Revoked> revoked = run(revoker_.revoke(id));
  ASSERT_THAT(revoked, Succeeds());
  EXPECT_EQ(revoked->outcome, Outcome::failed);
  EXPECT_EQ(revoked->message, "Away.");
  EXPECT_EQ(row(id).token.state, TokenState::valid);
  EXPECT_TRUE(published.empty());
}

TEST_F(TokenRevokerTest, AskingChangesNothingHere) {
  const ConnectionId id = lab();
  http.on("/personal_access_tokens/self", 204, "");
  const Result<TokenRevoker::Revoked> asked = run(revoker_.ask(id));
  ASSERT_THAT(asked, Succeeds());
  EXPECT_EQ(asked->outcome, Outcome::revoked);
  EXPECT_EQ(row(id).token.state, TokenState::valid);
}

TEST_F(TokenRevokerTest, GitHubIsToldOfATokenWithoutIt) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  http.on("/credentials/revoke", 202, "{}");
  const Result<TokenRevoker::Revoked> revoked = run(revoker_.revoke(id));
  ASSERT_THAT(revoked, Succeeds());
  EXPECT_EQ(revoked->outcome, Outcome::revoked);
  EXPECT_FALSE(revoked->message.empty()) << "its owner gets a mail";
  EXPECT_EQ(http.asked.at(0).scheme, http::Authorization::Scheme::none) << "no Authorization";
}

TEST_F(TokenRevokerTest, WhereNothingCanBeDoneThePageOfThePersonIsNamed) {
  Connection bucket = draft("Bucket", "bitbucket");
  bucket.username = "octo";
  const ConnectionId id = with_token(std::move(bucket), "token");
  const Result<TokenRevoker::Revoked> revoked = run(revoker_.revoke(id));
  ASSERT_THAT(revoked, Succeeds());
  EXPECT_EQ(revoked->outcome, Outcome::unsupported);
  EXPECT_THAT(revoked->url, testing::StartsWith("https://"));
  EXPECT_EQ(row(id).token.state, TokenState::valid);
}

TEST_F(TokenRevokerTest, AKeyringThatIsLockedIsAFailureAndNotNoToken) {
  const ConnectionId id = lab();
  vault.wipe_cache();
  keyring.now = StoreState::unavailable;
  EXPECT_EQ(revoke(id), Outcome::failed);
  EXPECT_EQ(row(id).token.state, TokenState::valid);
}

TEST_F(TokenRevokerTest, WithoutATokenThereIsNothingToRevoke) {
  const Connection bare = draft("Bare");
  ASSERT_THAT(registry->insert(bare), Succeeds());
  EXPECT_THAT(run(revoker_.revoke(bare.id)), FailsWith(Errc::token_missing));
  EXPECT_THAT(run(revoker_.revoke(ConnectionId::make())), FailsWith(Errc::not_found));
}

TEST_F(TokenRevokerTest, ThePairOfASignInIsEndedByTheAppThatMadeIt) {
  settings.oauth_types["gitlab"].client_id = "app-id";
  Connection signed_in = draft("Lab", "gitlab");
  signed_in.sign_in = SignIn::oauth;
  const ConnectionId id = with_token(std::move(signed_in), "access\nrefresh");
  http.on("/oauth/revoke", 200, "{}");
  EXPECT_EQ(revoke(id), Outcome::revoked);
  ASSERT_EQ(http.asked.size(), 1u);
  EXPECT_EQ(http.asked[0].form.at("token"), "access");
  EXPECT_EQ(http.asked[0].form.at("client_id"), "app-id");
}

TEST_F(TokenRevokerTest, APairWhoseAppIsGoneCannotBeEnded) {
  Connection signed_in = draft("Lab", "gitlab");
  signed_in.sign_in = SignIn::oauth;
  const ConnectionId id = with_token(std::move(signed_in), "access\nrefresh");
  EXPECT_EQ(revoke(id), Outcome::failed);
  EXPECT_TRUE(http.asked.empty());
  EXPECT_EQ(row(id).token.state, TokenState::valid);
}

TEST(RevocationWords, AreThoseOfTheProtocol) {
  EXPECT_EQ(name_of(Outcome::not_asked), "not_asked");
  EXPECT_EQ(name_of(Outcome::revoked), "revoked");
  EXPECT_EQ(name_of(Outcome::unsupported), "unsupported");
  EXPECT_EQ(name_of(Outcome::failed), "failed");
}

}  // namespace
}  // namespace forgelink
