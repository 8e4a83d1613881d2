// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/about_connection.hpp"
#include "daemon/methods/access_list.hpp"
#include "daemon/methods/connection_add.hpp"
#include "daemon/methods/connection_get.hpp"
#include "daemon/methods/connection_list.hpp"
#include "daemon/methods/connection_remove.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "daemon/methods/connection_update.hpp"
#include "daemon/methods/connection_verify.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

class ConnectionMethods : public testing::Test, public ServicesFixture {
 protected:
  Reply add(boost::json::object more = {}) {
    boost::json::object params{{"name", "Work"}, {"type", "github"}};
    for (const auto& [name, value] : more) params[name] = value;
    return call<ConnectionAdd>(std::move(params));
  }
  static const boost::json::object& connection_in(const Reply& reply) {
    return reply->at("connection").as_object();
  }
  std::vector<std::string> names_of(const Reply& page) {
    std::vector<std::string> names;
    for (const auto& one : page->at("connections").as_array()) names.emplace_back(one.at("name").as_string());
    return names;
  }
  const std::string token_ = "ghp_" + std::string(36, 'a');
};

TEST_F(ConnectionMethods, AnAddedConnectionIsVerifiedAndShownWithoutItsToken) {
  github_says(forge, "mona");
  const Reply reply = add({{"token", token_}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(connection_in(reply).at("token").at("state"), "valid");
  EXPECT_EQ(connection_in(reply).at("account").at("login"), "mona");
  EXPECT_EQ(boost::json::serialize(*reply).find(token_), std::string::npos);
}

TEST_F(ConnectionMethods, ARefusedTokenLeavesNothingBehind) {
  forge.on("GET /api/user", 401, "{}", "X-GitHub-Request-Id: 1\r\n");
  EXPECT_THAT(add({{"token", token_}}), FailsWith(Errc::token_rejected));
  EXPECT_EQ(services.registry->size(), 0u);
  EXPECT_FALSE(services.vault.holds_anything());
}

TEST_F(ConnectionMethods, WithoutVerifyingNobodyIsAsked) {
  const Reply reply = add({{"token", token_}, {"verify", false}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(connection_in(reply).at("token").at("state"), "unverified");
  EXPECT_TRUE(forge.asked.empty());
}

TEST_F(ConnectionMethods, WithoutATokenAConnectionWaitsForOne) {
  const Reply reply = add();
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(connection_in(reply).at("token").at("state"), "missing");
}

TEST_F(ConnectionMethods, TheRetentionOfANewOneIsThatOfTheSettingsUnlessItIsGiven) {
  services.settings.retention = Retention::session;
  const Reply by_setting = add();
  const Reply given = add({{"name", "Other"}, {"retention", "keep"}});
  ASSERT_THAT(by_setting, Succeeds());
  ASSERT_THAT(given, Succeeds());
  EXPECT_EQ(connection_in(by_setting).at("retention"), "session");
  EXPECT_EQ(connection_in(given).at("retention"), "keep");
}

TEST_F(ConnectionMethods, TheFormerWordOfASignInIsTakenAndAnsweredAsOAuth) {
  const Reply reply = add({{"sign_in", "github"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(connection_in(reply).at("sign_in"), "oauth");
}

TEST_F(ConnectionMethods, AConnectionIsReadByIdAndByNameInAnyCase) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Reply by_name = call<ConnectionGet>({{"connection", "WORK"}});
  const Reply by_id = call<ConnectionGet>({{"connection", id.text()}});
  ASSERT_THAT(by_name, Succeeds());
  ASSERT_THAT(by_id, Succeeds());
  EXPECT_EQ(*by_name, *by_id);
}

TEST_F(ConnectionMethods, AConnectionThatGoesWhileItIsWorkedOnIsNotFound) {
  const Viewer viewer{.registry = *services.registry,
                      .vault = services.vault,
                      .clock = services.clock,
                      .settings = services.settings};
  EXPECT_THAT(viewer.reply(ConnectionId::make()), FailsWith(Errc::not_found));
}

TEST_F(ConnectionMethods, AListGoesByNameAndItsPagesMeetWithoutAGap) {
  for (const char* name : {"Cedar", "ash", "Birch"}) with_token(draft(name), "ghp_token");
  const Reply first = call<ConnectionList>({{"limit", 2}});
  ASSERT_THAT(first, Succeeds());
  EXPECT_THAT(names_of(first), testing::ElementsAre("ash", "Birch"));
  EXPECT_EQ(first->at("total"), 3);
  const Reply second = call<ConnectionList>({{"limit", 2}, {"cursor", first->at("next_cursor")}});
  ASSERT_THAT(second, Succeeds());
  EXPECT_THAT(names_of(second), testing::ElementsAre("Cedar"));
  EXPECT_TRUE(second->at("next_cursor").is_null());
}

TEST_F(ConnectionMethods, APageStaysRightWhenItsLastOneIsRemoved) {
  for (const char* name : {"A", "B", "C"}) with_token(draft(name), "ghp_token");
  const Reply first = call<ConnectionList>({{"limit", 2}});
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(call<ConnectionRemove>({{"connection", "B"}}), Succeeds());
  const Reply second = call<ConnectionList>({{"limit", 2}, {"cursor", first->at("next_cursor")}});
  EXPECT_THAT(names_of(second), testing::ElementsAre("C"));
}

TEST_F(ConnectionMethods, AListOfOneTypeCountsThatTypeAlone) {
  with_token(draft("A"), "ghp_token");
  with_token(draft("B", "gitlab"), "glpat-token");
  const Reply page = call<ConnectionList>({{"type", "gitlab"}});
  ASSERT_THAT(page, Succeeds());
  EXPECT_THAT(names_of(page), testing::ElementsAre("B"));
  EXPECT_EQ(page->at("total"), 1);
}

TEST_F(ConnectionMethods, AnUpdateChangesWhatIsGivenAndNullIsNone) {
  Connection work = draft("Work");
  work.username = "octo";
  with_token(std::move(work), "ghp_token");
  const Reply reply = call<ConnectionUpdate>(
      {{"connection", "Work"}, {"name", "Office"}, {"username", nullptr}, {"commit_name", "Octo"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(connection_in(reply).at("name"), "Office");
  EXPECT_TRUE(connection_in(reply).at("username").is_null());
  EXPECT_EQ(connection_in(reply).at("commit_name"), "Octo");
  EXPECT_EQ(connection_in(reply).at("retention"), "keep");
}

TEST_F(ConnectionMethods, AnUpdateTakesConsentAndRetention) {
  with_token(draft("Work"), "ghp_token");
  const Reply reply =
      call<ConnectionUpdate>({{"connection", "Work"}, {"access", "ask"}, {"retention", "session"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(connection_in(reply).at("access"), "ask");
  EXPECT_EQ(connection_in(reply).at("retention"), "session");
}

TEST_F(ConnectionMethods, AVerificationIsWrittenDown) {
  github_says(forge, "mona");
  with_token(draft("Work"), "ghp_token", TokenState::unverified);
  const Reply reply = call<ConnectionVerify>({{"connection", "Work"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(connection_in(reply).at("token").at("state"), "valid");
  const Reply log = call<AccessList>();
  ASSERT_THAT(log, Succeeds());
  ASSERT_EQ(log->at("entries").as_array().size(), 1u);
  EXPECT_EQ(log->at("entries").at(0).at("action"), "verify");
  EXPECT_EQ(log->at("entries").at(0).at("executable"), "/usr/bin/editor");
  EXPECT_EQ(log->at("entries").at(0).at("outcome"), "given");
}

TEST_F(ConnectionMethods, ARefusalNamesTheConnectionThatItIsAbout) {
  forge.on("GET /api/user", 401, "{}", "X-GitHub-Request-Id: 1\r\n");
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Reply reply = call<ConnectionVerify>({{"connection", id.text()}});
  ASSERT_THAT(reply, FailsWith(Errc::token_rejected));
  EXPECT_EQ(reply.error().details.at("connection"), "Work");
  EXPECT_EQ(row(id).token.state, TokenState::rejected);
}

TEST_F(ConnectionMethods, ARefusalAboutNoConnectionNamesNone) {
  EXPECT_FALSE(about(Error{.code = Errc::not_found, .message = "No."}, "").details.contains("connection"));
}

TEST_F(ConnectionMethods, ARemovedConnectionIsGoneWithItsToken) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Reply reply = call<ConnectionRemove>({{"connection", "Work"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("removed"), as_json(id.text()));
  EXPECT_EQ(reply->at("revocation"), "not_asked");
  EXPECT_THAT(call<ConnectionGet>({{"connection", id.text()}}), FailsWith(Errc::not_found));
  EXPECT_FALSE(services.vault.holds_anything());
}

TEST_F(ConnectionMethods, WhatTheForgeDidNotRevokeIsNotRemovedWithoutForce) {
  forge.on("/credentials/revoke", 500, "{}");
  with_token(draft("Work"), "ghp_token");
  const Reply kept = call<ConnectionRemove>({{"connection", "Work"}, {"revoke", true}});
  ASSERT_THAT(kept, Succeeds());
  EXPECT_TRUE(kept->at("removed").is_null());
  EXPECT_EQ(kept->at("revocation"), "failed");
  EXPECT_EQ(services.registry->size(), 1u);
  const Reply forced = call<ConnectionRemove>({{"connection", "Work"}, {"revoke", true}, {"force", true}});
  ASSERT_THAT(forced, Succeeds());
  EXPECT_TRUE(forced->at("removed").is_string());
  EXPECT_EQ(services.registry->size(), 0u);
}

TEST_F(ConnectionMethods, WhereNothingCanBeRevokedTheConnectionGoesAndThePageIsNamed) {
  Connection bucket = draft("Bucket", "bitbucket");
  bucket.username = "octo";
  with_token(std::move(bucket), "token");
  const Reply reply = call<ConnectionRemove>({{"connection", "Bucket"}, {"revoke", true}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_TRUE(reply->at("removed").is_string());
  EXPECT_EQ(reply->at("revocation"), "unsupported");
  EXPECT_THAT(std::string(reply->at("url").as_string()), testing::StartsWith("http"));
}

TEST_F(ConnectionMethods, WithoutATokenThereIsNothingToRevoke) {
  ASSERT_THAT(add(), Succeeds());
  const Reply reply = call<ConnectionRemove>({{"connection", "Work"}, {"revoke", true}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("revocation"), "not_asked");
  EXPECT_TRUE(forge.asked.empty());
}

}  // namespace
}  // namespace forgelink
