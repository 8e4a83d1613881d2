// SPDX-License-Identifier: MIT
#include "clients/gtk/connection_model.hpp"

#include <giomm/init.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink::gtk {
namespace {

class ConnectionModelTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Gio::init(); }

  void send(const char* kind, const char* id, const char* name) {
    client_.signal_event().emit({{"kind", kind}, {"connection", {{"id", id}, {"name", name}}}});
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (unsigned at = 0; at < model_.list()->get_n_items(); ++at)
      all.push_back(model_.list()->get_item(at)->connection().name);
    return all;
  }

  DaemonClient client_;
  ConnectionModel model_{client_};
};

TEST_F(ConnectionModelTest, KeepsTheOrderOfNamesWithoutRegardToCase) {
  send("connection.added", "1", "beta");
  send("connection.added", "2", "Gamma");
  send("connection.added", "3", "Alpha");
  EXPECT_THAT(names(), testing::ElementsAre("Alpha", "beta", "Gamma"));
}

TEST_F(ConnectionModelTest, MovesWhatIsRenamed) {
  send("connection.added", "1", "a");
  send("connection.added", "2", "b");
  send("connection.updated", "1", "c");
  EXPECT_THAT(names(), testing::ElementsAre("b", "c"));
}

TEST_F(ConnectionModelTest, TellsWhatIsRemovedAndForgetsIt) {
  std::string gone;
  model_.signal_removed().connect([&](const Connection& connection) { gone = connection.name; });
  send("connection.added", "1", "a");
  send("connection.removed", "1", "a");
  EXPECT_EQ(gone, "a");
  EXPECT_THAT(names(), testing::IsEmpty());
  EXPECT_FALSE(model_.find("1"));
}

TEST_F(ConnectionModelTest, PassesEventsOnAfterTheListHasFollowed) {
  std::size_t seen = 0;
  model_.signal_event().connect([&](const protocol::EventView&) { seen = names().size(); });
  send("connection.added", "1", "a");
  EXPECT_EQ(seen, 1u);
}

}  // namespace
}  // namespace forgelink::gtk
