// SPDX-License-Identifier: MIT
// One folder and one registry line make a forge known to the whole daemon: its form, its checks, its
// verification, git's matching and the policy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/methods/type_list.hpp"
#include "daemon/model/connection_rules.hpp"
#include "daemon/settings/policy_file.hpp"
#include "tests/fakes/scripted_http_client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

const Endpoints endpoints;

Connection toy_connection() {
  Connection connection;
  connection.name = "Play";
  connection.type = "toy";
  connection.server_url = "toy.example/";
  return connection;
}

TEST(ToyForge, StandsBehindTheOthers) {
  EXPECT_EQ(providers().back().id, "toy");
  EXPECT_EQ(find_provider("toy")->label, "Toy Forge");
}

TEST(ToyForge, IsAFormToClients) {
  const Settings settings;
  const TypeList list{{}, settings};
  const Result<TypeList::Reply> reply = list.call({});
  ASSERT_THAT(reply, Succeeds());
  const auto& type = reply->types.back();
  EXPECT_EQ(type.id, "toy");
  EXPECT_TRUE(type.self_hosted);
  EXPECT_EQ(type.token_page, "{server_url}/tokens");
  EXPECT_THAT(type.recognition.programs, testing::ElementsAre("toytool"));
  EXPECT_THAT(type.recognition.placeholder_usernames, testing::Contains("toy-token"));
}

TEST(ToyForge, ItsConnectionsAreChecked) {
  Connection connection = toy_connection();
  ASSERT_THAT(check_connection(connection, endpoints), Succeeds());
  EXPECT_EQ(connection.server_url, "https://toy.example");
  connection.server_url.reset();
  EXPECT_THAT(check_connection(connection, endpoints), FailsWith(Errc::server_url_required));
}

TEST(ToyForge, ItsTokensAreVerified) {
  Connection connection = toy_connection();
  ASSERT_THAT(check_connection(connection, endpoints), Succeeds());
  ScriptedHttpClient client;
  client.on("https://toy.example/toy/me", 200, R"({"id": 7, "login": "octo-dev"})");
  Loop loop;
  Target target = target_of(connection, endpoints, std::make_shared<const Secret>("toy-0123456789"));
  const Result<Verification> said = loop.run(find_provider("toy")->verify(client, std::move(target)));
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->account->login, "octo-dev");
}

TEST(ToyForge, IsWithinAPolicyThatNamesIt) {
  const Policy policy = parse_policy("allowed_types = [\"toy\"]", "policy.toml");
  EXPECT_FALSE(policy.forbids(*find_provider("toy"), endpoints));
  EXPECT_TRUE(policy.forbids(*find_provider("github"), endpoints));
}

}  // namespace
}  // namespace forgelink
