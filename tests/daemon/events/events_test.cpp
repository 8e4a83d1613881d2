// SPDX-License-Identifier: MIT
#include "daemon/events/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/fakes/fake_peer.hpp"
#include "tests/fakes/manual_clock.hpp"

namespace forgelink {
namespace {

using testing::ElementsAre;

class EventHubTest : public testing::Test {
 protected:
  static std::vector<std::string> kinds(const FakePeer& peer) {
    std::vector<std::string> all;
    for (const std::string& line : peer.told)
      all.emplace_back(boost::json::parse(line).at("params").at("kind").as_string());
    return all;
  }
  ManualClock clock_;
  EventHub hub_{clock_, [](const Connection& c) {
                  ConnectionView view;
                  view.name = c.name;
                  return view;
                }};
  std::shared_ptr<FakePeer> peer_ = std::make_shared<FakePeer>();
};

TEST_F(EventHubTest, ANotificationSaysWhatHappenedToWhomAndWhen) {
  const Connection work{.name = "Work"};
  hub_.subscribe(peer_, {});
  hub_.publish({.kind = EventKind::token_expiring, .connection = &work, .detail = {{"days_left", 7}}});
  ASSERT_EQ(peer_->told.size(), 1u);
  const auto said = boost::json::parse(peer_->told[0]);
  EXPECT_EQ(said.at("method"), "event");
  EXPECT_EQ(said.at("params").at("sequence"), 1);
  EXPECT_EQ(said.at("params").at("kind"), "token.expiring");
  EXPECT_EQ(said.at("params").at("at"), "2026-11-24T12:00:00Z");
  EXPECT_EQ(said.at("params").at("connection").at("name"), "Work");
  EXPECT_EQ(said.at("params").at("detail").at("days_left"), 7);
}

TEST_F(EventHubTest, NumbersRiseByOneWhoeverHears) {
  hub_.publish({.kind = EventKind::rules_changed});
  hub_.subscribe(peer_, {EventKind::daemon_locked});
  hub_.publish({.kind = EventKind::rules_changed});
  hub_.publish({.kind = EventKind::daemon_locked});
  ASSERT_EQ(peer_->told.size(), 1u);
  EXPECT_EQ(boost::json::parse(peer_->told[0]).at("params").at("sequence"), 3);
  EXPECT_EQ(hub_.sequence(), 3u);
}

TEST_F(EventHubTest, WhatAListenerPublishesComesAfterTheEventItHeard) {
  bool answered = false;
  hub_.listen([&](const Event& event) {
    if (event.kind == EventKind::connection_removed && !std::exchange(answered, true))
      hub_.publish({.kind = EventKind::rules_changed});
  });
  hub_.subscribe(peer_, {});
  hub_.publish({.kind = EventKind::connection_removed});
  EXPECT_THAT(kinds(*peer_), ElementsAre("connection.removed", "rules.changed"));
}

TEST_F(EventHubTest, ASecondSubscriptionOfAPeerReplacesItsFirst) {
  hub_.subscribe(peer_, {});
  hub_.subscribe(peer_, {EventKind::daemon_locked});
  hub_.publish({.kind = EventKind::rules_changed});
  hub_.publish({.kind = EventKind::daemon_locked});
  EXPECT_THAT(kinds(*peer_), ElementsAre("daemon.locked"));
}

TEST_F(EventHubTest, APeerThatHasGoneIsNotHeardAnyMore) {
  hub_.subscribe(peer_, {EventKind::token_used});
  EXPECT_TRUE(hub_.is_heard(EventKind::token_used));
  EXPECT_FALSE(hub_.is_heard(EventKind::daemon_locked));
  peer_.reset();
  EXPECT_FALSE(hub_.is_heard(EventKind::token_used));
  hub_.publish({.kind = EventKind::token_used});
}

TEST_F(EventHubTest, WhoWaitsForSomethingIsToldOnce) {
  const Event asked{.kind = EventKind::access_asked, .detail = {{"request", "abcdef"}}};
  hub_.tell(peer_, asked);
  EXPECT_THAT(kinds(*peer_), ElementsAre("access.asked"));
  hub_.subscribe(peer_, {EventKind::access_asked});
  hub_.tell(peer_, asked);
  EXPECT_EQ(peer_->told.size(), 1u) << "a subscriber gets it by its subscription";
}

}  // namespace
}  // namespace forgelink
