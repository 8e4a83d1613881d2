// SPDX-License-Identifier: MIT
#include "ipc/client_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ipc/protocol/connection_list.hpp"
#include "ipc/protocol/connection_update.hpp"

namespace forgelink::ipc {
namespace {

TEST(ClientFields, ParametersWithoutAValueAreLeftOut) {
  protocol::ConnectionUpdate::Params params;
  params.connection = "Work";
  params.retention = "keep";
  const json::object sent = params_object(std::move(params));
  EXPECT_EQ(sent,
            (json::object{{"connection", "Work"}, {"retention", "keep"}, {"accept_account_change", false}}));
}

TEST(ClientFields, AChangeToNothingIsSentAsNull) {
  protocol::ConnectionUpdate::Params params;
  params.connection = "Work";
  params.username = {.given = true, .value = std::nullopt};
  params.email = {.given = true, .value = "a@example.org"};
  const json::object sent = params_object(std::move(params));
  EXPECT_TRUE(sent.at("username").is_null());
  EXPECT_EQ(sent.at("email"), "a@example.org");
}

TEST(ClientFields, AReplyIsReadWhateverIsMissingOrUnknown) {
  const json::value from = json::parse(
      R"({"connections": [{"id": "1", "name": "Work", "token": {"state": "valid"}, "new_field": 7}], "total": 1})");
  const auto reply = reply_of<protocol::ConnectionList::Reply>(from);
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->connections.size(), 1u);
  EXPECT_EQ(reply->connections[0].token.state, "valid");
  EXPECT_FALSE(reply->next_cursor);
}

TEST(ClientFields, AFieldOfAnotherKindIsAnError) {
  const auto reply = reply_of<protocol::ConnectionList::Reply>(json::parse(R"({"connections": 7})"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::internal);
}

}  // namespace
}  // namespace forgelink::ipc
