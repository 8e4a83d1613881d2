// SPDX-License-Identifier: MIT
// That the parts know of each other: what happens in one is followed by those that must.
#include "daemon/services.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/paths.hpp"
#include "daemon/tokens/memory_state.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

class ServicesTest : public testing::Test, public ServicesFixture {
 protected:
  std::string usable(ConnectionId id) {
    Result<SharedSecret> got = loop.run(services.tokens.usable(id, Prompt::never));
    return got ? std::string((*got)->reveal()) : std::string(kind(got.error().code));
  }
  Connection signed_in() {
    Connection row = draft("Lab", "gitlab");
    row.sign_in = SignIn::oauth;
    row.token.expires_at = services.clock.now() + 30s;
    return row;
  }
};

TEST_F(ServicesTest, ARemovedConnectionIsForgottenByEveryPart) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  ASSERT_THAT(services.registry->keep_access_grant({.id = "g", .connection = id, .executable = "/bin/x"}),
              Succeeds());
  ASSERT_THAT(services.git_rules.add(id, forge.url() + "/o", {}), Succeeds());
  ASSERT_THAT(services.lends.start({.connections = {id}}), Succeeds());
  const GitAddress address{.protocol = "http", .host = forge.authority()};
  ASSERT_TRUE(services.git_hosts.matching(address).contains(id));
  ASSERT_THAT(loop.run(services.connections.remove(id)), Succeeds());
  EXPECT_TRUE(services.consent.grants().empty());
  EXPECT_TRUE(services.git_rules.list({}).empty());
  EXPECT_TRUE(services.lends.list().empty());
  EXPECT_TRUE(services.git_hosts.matching(address).empty());
}

TEST_F(ServicesTest, TheEndOfTheSessionEndsWhatWasAllowedForIt) {
  Connection row = draft("Work");
  row.retention = Retention::session;
  const ConnectionId id = with_token(std::move(row), "ghp_token");
  ASSERT_THAT(services.lends.start({.connections = {id}}), Succeeds());
  services.session_end.on_sessions({"1"});
  services.session_end.on_sessions({});
  ASSERT_TRUE(run_until([&] { return this->row(id).token.state == TokenState::missing; }));
  EXPECT_TRUE(run_until([&] { return services.lends.list().empty(); }));
}

TEST_F(ServicesTest, APairIsRenewedByTheAppThatIsSetNow) {
  services.settings.oauth_types["gitlab"].client_id = "app-of-now";
  forge.on("POST /oauth/token", 200,
           R"({"access_token":"new","refresh_token":"refresh-2","token_type":"Bearer","expires_in":7200})");
  const ConnectionId id = with_token(signed_in(), "old\nrefresh-1");
  EXPECT_EQ(usable(id), "new");
  ASSERT_EQ(forge.count("POST /oauth/token"), 1u);
  EXPECT_THAT(forge.asked.at(0).body, testing::AllOf(testing::HasSubstr("refresh_token=refresh-1"),
                                                     testing::HasSubstr("client_id=app-of-now")));
  EXPECT_GT(*row(id).token.expires_at, services.clock.now() + 1h);
}

TEST_F(ServicesTest, WithoutAnAppWhatIsLeftOfTheTokenServes) {
  const ConnectionId id = with_token(signed_in(), "old\nrefresh-1");
  EXPECT_EQ(usable(id), "old");
  EXPECT_TRUE(forge.asked.empty());
}

TEST_F(ServicesTest, ARefusedRefreshTokenMakesTheTokenRejected) {
  services.settings.oauth_types["gitlab"].client_id = "app";
  forge.on("POST /oauth/token", 400, R"({"error":"invalid_grant"})");
  const ConnectionId id = with_token(signed_in(), "old\nrefresh-1");
  EXPECT_EQ(usable(id), "token_rejected");
  EXPECT_EQ(row(id).token.state, TokenState::rejected);
}

TEST(ClientOptions, AreThoseOfTheSettings) {
  Settings settings;
  settings.proxy = "http://proxy.example:3128";
  settings.ca_file = "/etc/ca.pem";
  settings.timeout = 7s;
  settings.client_certificates = {
      {.server = "https://git.example", .certificate_file = "c.pem", .key_file = "k.pem"}};
  const http::ClientOptions options = client_options(settings);
  EXPECT_EQ(options.proxy, settings.proxy);
  EXPECT_EQ(options.ca_file, settings.ca_file);
  EXPECT_EQ(options.timeout, 7s);
  EXPECT_THAT(options.user_agent, testing::StartsWith("forgelink/"));
  ASSERT_EQ(options.certificates.size(), 1u);
  EXPECT_EQ(options.certificates[0].origin, "https://git.example");
  EXPECT_EQ(options.certificates[0].key_file, "k.pem");
}

TEST(ServicesRestart, WhatMemoryAloneHeldIsThereAfterARestart) {
  const PrivateHome home;
  Loop loop;
  Settings settings;
  settings.store = StoreChoice::memory;
  settings.notifications = false;
  const Connection work{.id = ConnectionId::make(), .name = "Work", .type = "github"};
  MemoryImage image;
  {
    Services first(loop.context(), settings, std::make_unique<Registry>(data_home() / "forgelink"));
    Connection row = work;
    row.token.state = TokenState::valid;
    ASSERT_THAT(loop.run(first.tokens.put(std::move(row), std::nullopt,
                                          std::make_shared<const Secret>("ghp_token"), Prompt::never)),
                Succeeds());
    save_tokens(first.memory, first.vault, first.tokens.renewal(), image);
  }
  Services next(loop.context(), settings, std::make_unique<Registry>(data_home() / "forgelink"));
  const auto restored = [](Services& services, MemoryImage from) -> awaitable<int> {
    co_await services.restore(std::move(from));
    services.tokens.forget_lost_memory();
    co_return 0;
  };
  loop.run(restored(next, std::move(image)));
  const Result<SharedSecret> token = loop.run(next.tokens.usable(work.id, Prompt::never));
  ASSERT_THAT(token, Succeeds());
  EXPECT_EQ((*token)->reveal(), "ghp_token");
}

}  // namespace
}  // namespace forgelink
