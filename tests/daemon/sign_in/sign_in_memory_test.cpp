// SPDX-License-Identifier: MIT
#include "daemon/sign_in/sign_in_memory.hpp"

#include <gtest/gtest.h>

#include "providers/provider.hpp"

namespace forgelink {
namespace {

SavedSignIn a_sign_in() {
  SavedSignIn saved{.id = "the-id"};
  saved.draft.id = ConnectionId::make();
  saved.draft.name = "Work";
  saved.draft.type = "gitlab-self-managed";
  saved.draft.server_url = "https://git.example/sub";
  saved.draft.sign_in = SignIn::oauth;
  saved.server.app = {.client_id = "client",
                      .client_secret = std::make_shared<const Secret>("the-client-secret"),
                      .tenant = "",
                      .redirect_port = 4711};
  saved.expires_at = *parse_time("2026-11-26T12:00:00Z");
  saved.request = SignInRequest{.redirect_uri = "http://127.0.0.1:4711/callback",
                                .issuer = "https://git.example/sub",
                                .state = std::make_shared<const Secret>("the-state"),
                                .verifier = std::make_shared<const Secret>("the-verifier")};
  return saved;
}

TEST(SavedSignIn, EverythingThatASignInNeedsComesBack) {
  const Endpoints endpoints;
  const SavedSignIn before = a_sign_in();
  const Secret bytes = bytes_of(before);
  const std::optional<SavedSignIn> after = saved_sign_in("the-id", bytes.reveal(), endpoints);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->draft.id, before.draft.id);
  EXPECT_EQ(after->draft.server_url, before.draft.server_url);
  EXPECT_EQ(after->server.endpoints.token, "https://git.example/sub/oauth/token");
  EXPECT_EQ(after->server.app.client_secret->reveal(), "the-client-secret");
  EXPECT_EQ(after->server.app.redirect_port, 4711);
  EXPECT_EQ(after->request->state->reveal(), "the-state");
  EXPECT_EQ(after->request->verifier->reveal(), "the-verifier");
  EXPECT_EQ(after->expires_at, before.expires_at);
  EXPECT_FALSE(after->pair) << "the forge gave none yet";
}

TEST(SavedSignIn, ThePairThatTheForgeGaveComesBack) {
  SavedSignIn before = a_sign_in();
  before.request.reset();  // what led to it is over
  before.pair = std::make_shared<const TokenPair>(TokenPair{.access = Secret("the-access"),
                                                            .refresh = Secret("the-refresh"),
                                                            .expires_at = parse_time("2026-11-26T14:00:00Z"),
                                                            .scopes = {"read_api", "write_repository"}});
  const std::optional<SavedSignIn> after = saved_sign_in("the-id", bytes_of(before).reveal(), Endpoints());
  ASSERT_TRUE(after && after->pair);
  EXPECT_EQ(after->pair->access.reveal(), "the-access");
  EXPECT_EQ(after->pair->refresh->reveal(), "the-refresh");
  EXPECT_EQ(after->pair->expires_at, before.pair->expires_at);
  EXPECT_EQ(after->pair->scopes, before.pair->scopes);
  EXPECT_EQ(after->draft.access, before.draft.access);
}

TEST(SavedSignIn, AnythingElseIsNoSignIn) {
  const Endpoints endpoints;
  const Secret bytes = bytes_of(a_sign_in());
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, bytes.size() / 2, bytes.size() - 1})
    EXPECT_FALSE(saved_sign_in("the-id", bytes.reveal().substr(0, size), endpoints)) << size;
}

TEST(SavedSignIn, OneWithoutItsStateIsNone) {
  const Endpoints endpoints;
  SavedSignIn saved = a_sign_in();
  saved.request->state = std::make_shared<const Secret>("");
  EXPECT_FALSE(saved_sign_in("the-id", bytes_of(saved).reveal(), endpoints));
}

}  // namespace
}  // namespace forgelink
