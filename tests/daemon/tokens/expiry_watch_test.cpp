// SPDX-License-Identifier: MIT
#include "daemon/tokens/expiry_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

using std::chrono::hours;
using testing::ElementsAre;

class ExpiryWatchTest : public testing::Test {
 protected:
  ExpiryWatchTest() {
    events_.listen([this](const Event& event) {
      std::string told(name_of(event.kind));
      if (const auto* days = event.detail.if_contains("days_left"))
        told += " " + std::to_string(days->to_number<int>());
      told_.push_back(std::move(told));
    });
  }
  ConnectionId add(std::chrono::seconds lasts) {
    Connection c{.id = ConnectionId::make(), .name = "Work", .type = "github"};
    c.token = {.state = TokenState::valid,
               .store = Store::memory,
               .item = ItemId::make(),
               .expires_at = clock_.now() + lasts};
    EXPECT_THAT(registry_->insert(c), Succeeds());
    return c.id;
  }

  ManualClock clock_;
  Loop loop_;
  Settings settings_;
  std::unique_ptr<Registry> registry_ = Registry::in_memory();
  EventHub events_{clock_, [](const Connection&) { return ConnectionView{}; }};
  std::vector<std::string> told_;
};

TEST_F(ExpiryWatchTest, EachOfTheDaysIsToldOnceWheneverTheDaemonStarts) {
  const ConnectionId id = add(hours(24 * 20));
  const auto start_again = [this] {
    ExpiryWatch watch(loop_.executor(), *registry_, events_, settings_, clock_);
    watch.rebuild();
    watch.rebuild();
  };
  start_again();
  EXPECT_THAT(told_, ElementsAre());
  clock_.advance(hours(24 * 6 + 1));
  start_again();
  EXPECT_THAT(told_, ElementsAre("token.expiring 14"));
  clock_.advance(hours(24 * 13));
  start_again();
  EXPECT_THAT(told_, ElementsAre("token.expiring 14", "token.expiring 1"));
  clock_.advance(hours(24));
  start_again();
  EXPECT_THAT(told_, ElementsAre("token.expiring 14", "token.expiring 1", "token.expired 0"));
  EXPECT_EQ(registry_->find(id)->token.state, TokenState::expired);
}

TEST_F(ExpiryWatchTest, AClockThatHadGoneAheadIsForgiven) {
  const ConnectionId id = add(hours(24 * 20));
  ExpiryWatch watch(loop_.executor(), *registry_, events_, settings_, clock_);
  clock_.advance(hours(24 * 30));
  watch.rebuild();
  EXPECT_EQ(registry_->find(id)->token.state, TokenState::expired);
  clock_.advance(-hours(24 * 30));
  watch.rebuild();
  EXPECT_EQ(registry_->find(id)->token.state, TokenState::unverified);
  EXPECT_TRUE(registry_->find(id)->token.notices_given.empty());
  EXPECT_THAT(told_, ElementsAre("token.expired 0", "connection.updated"));
}

TEST_F(ExpiryWatchTest, WhatRenewsItselfIsNotToldOf) {
  Connection c{.id = ConnectionId::make(), .name = "Work", .type = "github", .sign_in = SignIn::oauth};
  c.token = {.state = TokenState::valid,
             .store = Store::memory,
             .item = ItemId::make(),
             .expires_at = clock_.now() + hours(8)};
  ASSERT_THAT(registry_->insert(c), Succeeds());
  ExpiryWatch watch(loop_.executor(), *registry_, events_, settings_, clock_);
  watch.rebuild();
  clock_.advance(hours(9));
  watch.rebuild();
  EXPECT_THAT(told_, ElementsAre());
}

}  // namespace
}  // namespace forgelink
