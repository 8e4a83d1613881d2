// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/token_purge.hpp"
#include "daemon/methods/token_renew.hpp"
#include "daemon/methods/token_revoke.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

class TokenMethods : public testing::Test, public ServicesFixture {
 protected:
  TokenMethods() {
    Connection short_lived = draft("Short");
    short_lived.retention = Retention::session;
    short_ = with_token(std::move(short_lived), "ghp_short");
    long_ = with_token(draft("Long"), "ghp_long");
    lab_ = with_token(draft("Lab", "gitlab"), "glpat-old");
  }
  std::vector<std::string> purge(boost::json::object params) {
    const Reply reply = call<TokenPurge>(std::move(params));
    EXPECT_THAT(reply, Succeeds());
    std::vector<std::string> ids;
    for (const auto& id : reply->at("purged").as_array()) ids.emplace_back(id.as_string());
    return ids;
  }
  ConnectionId short_, long_, lab_;
};

TEST_F(TokenMethods, TheScopeSessionTakesTheTokensOfTheSessionAlone) {
  EXPECT_THAT(purge({{"scope", "session"}}), testing::ElementsAre(short_.text()));
  EXPECT_EQ(row(short_).token.state, TokenState::missing);
  EXPECT_EQ(row(long_).token.state, TokenState::valid);
}

TEST_F(TokenMethods, TheScopeConnectionTakesThatOne) {
  EXPECT_THAT(purge({{"scope", "connection"}, {"connection", "long"}}), testing::ElementsAre(long_.text()));
  EXPECT_EQ(row(short_).token.state, TokenState::valid);
}

TEST_F(TokenMethods, TheScopeAllTakesEveryTokenAndWhatGitStored) {
  ASSERT_THAT(
      call("credential.store",
           boost::json::object{
               {"protocol", "https"}, {"host", "other.example"}, {"username", "u"}, {"password", "secret"}}),
      Succeeds());
  EXPECT_THAT(purge({{"scope", "all"}}),
              testing::UnorderedElementsAre(short_.text(), long_.text(), lab_.text()));
  EXPECT_TRUE(services.registry->stored_credentials().empty());
  EXPECT_FALSE(services.vault.holds_anything());
}

TEST_F(TokenMethods, WhoHasNoTokenIsNotNamed) {
  purge({{"scope", "all"}});
  EXPECT_TRUE(purge({{"scope", "all"}}).empty());
}

TEST_F(TokenMethods, ARenewedTokenTakesThePlaceOfTheOldOne) {
  forge.on("GET /api/v4/personal_access_tokens/self", 200,
           R"({"scopes":["api"],"created_at":"2026-01-01T00:00:00Z","expires_at":"2026-03-01"})");
  forge.on("POST /api/v4/personal_access_tokens/self/rotate", 200,
           R"({"token":"glpat-new","expires_at":"2099-01-01"})");
  const Reply reply = call<TokenRenew>({{"connection", "Lab"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("connection").at("token").at("expires_at"), "2099-01-01T00:00:00Z");
  const Result<SharedSecret> token = loop.run(services.tokens.usable(lab_, Prompt::never));
  ASSERT_THAT(token, Succeeds());
  EXPECT_EQ((*token)->reveal(), "glpat-new");
}

TEST_F(TokenMethods, ATypeThatCannotRenewNamesThePageThatMakesAToken) {
  const Reply reply = call<TokenRenew>({{"connection", "Long"}});
  ASSERT_THAT(reply, FailsWith(Errc::renew_unsupported));
  EXPECT_THAT(reply.error().url, testing::StartsWith("http"));
  EXPECT_EQ(reply.error().details.at("connection"), "Long");
}

TEST_F(TokenMethods, ARevokedTokenIsMissingAndItsConnectionStays) {
  forge.on("DELETE /api/v4/personal_access_tokens/self", 204, "");
  const Reply reply = call<TokenRevoke>({{"connection", "Lab"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("connection"), as_json(lab_.text()));
  EXPECT_EQ(reply->at("revocation"), "revoked");
  EXPECT_EQ(row(lab_).token.state, TokenState::missing);
}

TEST_F(TokenMethods, ATokenThatWasNotRevokedIsKeptAndTheReasonSaid) {
  forge.on("DELETE /api/v4/personal_access_tokens/self", 500, "{}");
  const Reply reply = call<TokenRevoke>({{"connection", "Lab"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("revocation"), "failed");
  EXPECT_FALSE(reply->at("message").as_string().empty());
  EXPECT_EQ(row(lab_).token.state, TokenState::valid);
}

}  // namespace
}  // namespace forgelink
