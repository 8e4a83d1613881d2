// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/connection_remove.hpp"
#include "daemon/methods/event_subscribe.hpp"
#include "daemon/methods/optional_text.hpp"
#include "daemon/methods/type_list.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

using testing::Contains;
using testing::ElementsAre;

class EventMethods : public testing::Test, public ServicesFixture {
 protected:
  static boost::json::object params_of(const std::string& line) {
    return boost::json::parse(line).at("params").as_object();
  }
};

TEST_F(EventMethods, ASubscriptionBeginsWithASnapshotAndGoesOnWithTheNextNumber) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Reply reply = call<EventSubscribe>();
  ASSERT_THAT(reply, Succeeds());
  ASSERT_EQ(reply->at("connections").as_array().size(), 1u);
  EXPECT_EQ(reply->at("connections").at(0).at("id"), as_json(id.text()));
  EXPECT_EQ(reply->at("secret_store").at("backend"), "memory");
  ASSERT_THAT(call<ConnectionRemove>({{"connection", "Work"}}), Succeeds());
  ASSERT_EQ(peer->told.size(), 1u);
  const boost::json::object event = params_of(peer->told[0]);
  EXPECT_EQ(event.at("kind"), "connection.removed");
  EXPECT_EQ(event.at("sequence"), reply->at("sequence").as_int64() + 1);
  EXPECT_EQ(event.at("connection").at("name"), "Work");
}

TEST_F(EventMethods, OnlyTheKindsThatWereAskedForAreTold) {
  with_token(draft("Work"), "ghp_token");
  ASSERT_THAT(call<EventSubscribe>({{"kinds", {"rules.changed"}}}), Succeeds());
  ASSERT_THAT(call<ConnectionRemove>({{"connection", "Work"}}), Succeeds());
  EXPECT_TRUE(peer->told.empty());
}

class TypeMethods : public testing::Test, public ServicesFixture {
 protected:
  boost::json::object type(std::string_view id) {
    const Reply reply = call<TypeList>();
    for (const auto& one : reply->at("types").as_array()) {
      if (one.at("id").as_string() == id) return one.as_object();
    }
    return {};
  }
  static std::vector<std::string> words(const boost::json::value& array) {
    std::vector<std::string> all;
    for (const auto& one : array.as_array()) all.emplace_back(one.as_string());
    return all;
  }
};

TEST_F(TypeMethods, TheFirstSixKeepTheirOrderAndTheOthersFollow) {
  const Reply reply = call<TypeList>();
  std::vector<std::string> ids;
  for (const auto& one : reply->at("types").as_array()) ids.emplace_back(one.at("id").as_string());
  ASSERT_EQ(ids.size(), 9u);
  EXPECT_THAT(std::vector<std::string>(ids.begin(), ids.begin() + 6),
              ElementsAre("azure-devops", "azure-devops-server", "bitbucket", "github", "gitlab",
                          "gitlab-self-managed"));
}

struct Ways {
  const char* id;
  std::vector<std::string> methods;
};

class SignInWays : public TypeMethods, public testing::WithParamInterface<Ways> {};

TEST_P(SignInWays, AreThoseOfTheContract) {
  const boost::json::object one = type(GetParam().id);
  EXPECT_EQ(words(one.at("sign_in_methods")), GetParam().methods);
  const bool oauth = !GetParam().methods.empty();
  EXPECT_EQ(words(one.at("sign_in")).size(), oauth ? 2u : 1u);
  EXPECT_EQ(one.at("sign_in_label").is_null(), !oauth);
}

INSTANTIATE_TEST_SUITE_P(
    All, SignInWays,
    testing::Values(Ways{"github", {"browser", "device"}}, Ways{"github-enterprise", {"browser", "device"}},
                    Ways{"gitlab", {"browser", "device"}}, Ways{"gitlab-self-managed", {"browser", "device"}},
                    Ways{"bitbucket", {"browser"}}, Ways{"azure-devops", {"browser", "device"}},
                    Ways{"forgejo", {"browser"}}, Ways{"azure-devops-server", {}},
                    Ways{"bitbucket-data-center", {}}));

TEST_F(TypeMethods, ATypeDescribesItsForm) {
  const boost::json::object bucket = type("bitbucket");
  std::vector<std::string> required;
  for (const auto& field : bucket.at("fields").as_array()) {
    if (field.at("required").as_bool()) required.emplace_back(field.at("name").as_string());
  }
  EXPECT_THAT(required, Contains("username"));
  EXPECT_THAT(words(bucket.at("git_hosts")), ElementsAre(forge.url()));
  EXPECT_EQ(bucket.at("can_revoke"), false);
  EXPECT_EQ(type("gitlab").at("can_renew"), true);
  EXPECT_TRUE(type("forgejo").at("git_hosts").as_array().empty());
  EXPECT_EQ(type("forgejo").at("self_hosted"), true);
  EXPECT_TRUE(type("forgejo").at("sign_in_caution").is_string());
}

TEST_F(TypeMethods, WhatThePolicyForbidsIsSaidOfTheType) {
  Policy policy;
  policy.file = "/etc/forgelink/policy.toml";
  policy.allowed_types = {{"github"}};
  services.settings.policy = std::make_shared<const Policy>(policy);
  EXPECT_TRUE(type("github").at("policy_forbids").is_null());
  EXPECT_TRUE(type("gitlab").at("policy_forbids").is_string());
}

TEST(OptionalText, IsNothingWhereThereIsNone) {
  EXPECT_FALSE(unless_empty(""));
  EXPECT_EQ(unless_empty("a"), "a");
}

}  // namespace
}  // namespace forgelink
