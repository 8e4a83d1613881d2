// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "daemon/methods/connection_update.hpp"
#include "daemon/methods/identity_render.hpp"
#include "daemon/methods/rule_add.hpp"
#include "daemon/methods/rule_list.hpp"
#include "daemon/methods/rule_remove.hpp"
#include "daemon/methods/rule_view.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

class RuleMethods : public testing::Test, public ServicesFixture {
 protected:
  RuleMethods() {
    work_ = with_token(draft("Work"), "ghp_work");
    home_of_ = with_token(draft("Home"), "ghp_home");
  }
  Reply add(const char* connection, boost::json::object conditions) {
    conditions["connection"] = connection;
    return call<RuleAdd>(std::move(conditions));
  }
  std::size_t count(boost::json::object params = {}) {
    return call<RuleList>(std::move(params))->at("rules").as_array().size();
  }
  ConnectionId work_, home_of_;
};

TEST_F(RuleMethods, ARuleIsKeptInItsNormalForm) {
  const Reply reply = add("Work", {{"url", forge.url() + "/o/r.git/"}});
  ASSERT_THAT(reply, Succeeds());
  const auto& rule = reply->at("rule").as_object();
  EXPECT_EQ(rule.at("connection"), as_json(work_.text()));
  EXPECT_EQ(rule.at("name"), "Work");
  EXPECT_EQ(rule.at("url"), as_json(forge.url() + "/o/r"));
  EXPECT_TRUE(rule.at("directory").is_null());
  EXPECT_EQ(rule.at("in_force"), true);
  EXPECT_FALSE(reply->contains("notice"));
}

TEST_F(RuleMethods, TheSameConditionsAgainReplaceTheRule) {
  ASSERT_THAT(add("Work", {{"url", forge.url() + "/o"}}), Succeeds());
  ASSERT_THAT(add("Home", {{"url", forge.url() + "/o/"}}), Succeeds());
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(count({{"connection", "Home"}}), 1u);
  EXPECT_EQ(count({{"connection", "Work"}}), 0u);
}

TEST_F(RuleMethods, AFolderThatIsNotThereYetIsSaid) {
  const Reply reply = add("Work", {{"directory", (home.folder() / "later").string()}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_THAT(std::string(reply->at("notice").as_string()), testing::HasSubstr("no folder"));
}

TEST_F(RuleMethods, APatternIsSaidToBeNone) {
  const Reply reply = add("Work", {{"url", forge.url() + "/o*"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_THAT(std::string(reply->at("notice").as_string()), testing::HasSubstr("no patterns"));
}

TEST_F(RuleMethods, ARemovedRuleIsGone) {
  const Reply reply = add("Work", {{"url", forge.url() + "/o"}});
  const auto id = reply->at("rule").at("id");
  EXPECT_EQ(call<RuleRemove>({{"rule", id}})->at("removed"), id);
  EXPECT_EQ(count(), 0u);
  EXPECT_THAT(call<RuleRemove>({{"rule", id}}), FailsWith(Errc::not_found));
}

TEST_F(RuleMethods, ARuleWhoseConnectionHasGoneIsShownWithoutAName) {
  const Rule rule{.id = RuleId::make(), .connection = ConnectionId::make(), .url = "https://github.com"};
  const protocol::RuleView view = view_of(rule, services.git_rules, *services.registry);
  EXPECT_EQ(view.name, "");
  EXPECT_FALSE(view.in_force);
}

TEST_F(RuleMethods, IdentitiesAreRenderedWhileTheyAreWantedAndFollowTheRules) {
  EXPECT_EQ(call<IdentityRender>()->at("enabled"), false);
  const Reply on = call<IdentityRender>({{"enabled", true}});
  ASSERT_THAT(on, Succeeds());
  EXPECT_EQ(on->at("enabled"), true);
  const std::string file(on->at("file").as_string());
  ASSERT_THAT(call<ConnectionUpdate>({{"connection", "Work"}, {"commit_email", "octo@example.org"}}),
              Succeeds());
  ASSERT_THAT(add("Work", {{"directory", home.folder().string()}}), Succeeds());
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_THAT(text.str(), testing::HasSubstr("gitdir:"));
  ASSERT_THAT(call<IdentityRender>({{"enabled", false}}), Succeeds());
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace forgelink
