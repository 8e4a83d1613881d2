// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/access_answer.hpp"
#include "daemon/methods/access_grants.hpp"
#include "daemon/methods/access_list.hpp"
#include "daemon/methods/access_questions.hpp"
#include "daemon/methods/access_revoke.hpp"
#include "daemon/methods/connection_remove.hpp"
#include "daemon/methods/credential_get.hpp"
#include "daemon/methods/daemon_lock.hpp"
#include "daemon/methods/daemon_status.hpp"
#include "daemon/methods/daemon_unlock.hpp"
#include "daemon/methods/secret_store_view.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

class AccessMethods : public testing::Test, public ServicesFixture {
 protected:
  AccessMethods() {
    Connection work = draft("Work");
    work.access = Access::ask;
    work_ = with_token(std::move(work), "ghp_token");
  }

  boost::json::object git() const {
    return {{"protocol", "http"}, {"host", forge.authority()}, {"path", "o/r.git"}};
  }
  // Asks as git does, and answers the question that it leads to.
  Reply ask_and_say(std::string_view decision) {
    const auto reply = begin<CredentialGet>(git());
    EXPECT_TRUE(run_until([&] { return reply->has_value() || !services.consent.questions().empty(); }));
    if (!*reply) {
      const Reply questions = call<AccessQuestions>();
      const auto& question = questions->at("questions").at(0);
      EXPECT_THAT(call<AccessAnswer>({{"request", question.at("request")}, {"decision", decision}}),
                  Succeeds());
    }
    EXPECT_TRUE(run_until([&] { return reply->has_value(); }));
    return **reply;
  }
  boost::json::array grants(boost::json::object params = {}) {
    return call<AccessGrants>(std::move(params))->at("grants").as_array();
  }

  ConnectionId work_;
};

TEST_F(AccessMethods, AYesGivesTheTokenOnce) {
  const Reply given = ask_and_say("once");
  EXPECT_EQ(given->at("password"), "ghp_token");
  EXPECT_TRUE(grants().empty());
}

TEST_F(AccessMethods, ANoEndsGitWithASentence) {
  const Reply denied = ask_and_say("deny");
  EXPECT_FALSE(denied->contains("password"));
  EXPECT_EQ(denied->at("quit"), true);
  EXPECT_THAT(std::string(denied->at("message").as_string()), testing::HasSubstr("“Work”"));
}

TEST_F(AccessMethods, AQuestionSaysWhoAsksForWhat) {
  const auto reply = begin<CredentialGet>(git());
  ASSERT_TRUE(run_until([&] { return !services.consent.questions().empty(); }));
  const Reply questions = call<AccessQuestions>();
  const auto& question = questions->at("questions").at(0);
  EXPECT_EQ(question.at("connection"), as_json(work_.text()));
  EXPECT_EQ(question.at("program"), "Editor");
  EXPECT_EQ(question.at("directory"), "/srv/tree");
  EXPECT_EQ(question.at("host"), as_json(forge.authority()));
  EXPECT_EQ(question.at("path"), "o/r.git");
  EXPECT_EQ(peer->told.size(), 1u) << "who waits is told that a question is open";
}

TEST_F(AccessMethods, AlwaysIsAGrantUntilItIsRevoked) {
  ask_and_say("always");
  const boost::json::array all = grants();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].at("executable"), "/usr/bin/editor");
  EXPECT_EQ(all[0].at("decision"), "always");
  EXPECT_EQ(call<CredentialGet>(git())->at("password"), "ghp_token") << "without a question";
  ASSERT_THAT(call<AccessRevoke>({{"grant", all[0].at("grant")}}), Succeeds());
  EXPECT_TRUE(grants().empty());
  EXPECT_EQ(ask_and_say("deny")->at("quit"), true);
}

TEST_F(AccessMethods, GrantsAreShownOfOneConnection) {
  ask_and_say("session");
  with_token(draft("Other", "gitlab"), "glpat-token");  // later, since both serve the one host there is here
  EXPECT_EQ(grants({{"connection", "Work"}}).size(), 1u);
  EXPECT_TRUE(grants({{"connection", "Other"}}).empty());
}

TEST_F(AccessMethods, TheLogTellsOfYesAndNoTheNewestFirst) {
  ask_and_say("once");
  ask_and_say("deny");
  const Reply log = call<AccessList>();
  ASSERT_THAT(log, Succeeds());
  const auto& entries = log->at("entries").as_array();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].at("outcome"), "denied");
  EXPECT_EQ(entries[1].at("outcome"), "given");
  EXPECT_EQ(entries[1].at("action"), "git");
  EXPECT_TRUE(log->at("next_cursor").is_null());
}

TEST_F(AccessMethods, TheLogIsReadInPagesThatMeet) {
  change(work_, [](Connection& c) { c.access = Access::allow; });
  for (const char* path : {"one", "two", "three"}) {
    boost::json::object asked = git();
    asked["path"] = path;
    ASSERT_THAT(call<CredentialGet>(asked), Succeeds());
  }
  const Reply first = call<AccessList>({{"limit", 2}});
  const Reply second = call<AccessList>({{"limit", 2}, {"cursor", first->at("next_cursor")}});
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(first->at("entries").at(0).at("path"), "three");
  EXPECT_EQ(first->at("entries").at(1).at("path"), "two");
  ASSERT_EQ(second->at("entries").as_array().size(), 1u);
  EXPECT_EQ(second->at("entries").at(0).at("path"), "one");
}

TEST_F(AccessMethods, UsesOfARemovedConnectionAreFoundByItsId) {
  ask_and_say("once");
  ASSERT_THAT(call<ConnectionRemove>({{"connection", "Work"}}), Succeeds());
  const Reply log = call<AccessList>({{"connection", work_.text()}});
  ASSERT_THAT(log, Succeeds());
  ASSERT_EQ(log->at("entries").as_array().size(), 1u);
  EXPECT_EQ(log->at("entries").at(0).at("connection_name"), "Work");
  EXPECT_THAT(call<AccessList>({{"connection", "Work"}}), FailsWith(Errc::not_found));
}

TEST_F(AccessMethods, WhileItIsLockedNoTokenLeaves) {
  change(work_, [](Connection& c) { c.access = Access::allow; });
  EXPECT_EQ(call<DaemonLock>()->at("locked"), true);
  EXPECT_EQ(call<DaemonStatus>()->at("locked"), true);
  const Reply refused = call<CredentialGet>(git());
  EXPECT_EQ(refused->at("quit"), true);
  EXPECT_THAT(std::string(refused->at("message").as_string()), testing::HasSubstr("forgelink unlock"));
  EXPECT_EQ(call<DaemonUnlock>()->at("locked"), false);
  EXPECT_EQ(call<CredentialGet>(git())->at("password"), "ghp_token");
  EXPECT_THAT(published, testing::IsSupersetOf({EventKind::daemon_locked, EventKind::daemon_unlocked}));
}

TEST_F(AccessMethods, TheStatusTellsWhereTokensAreAndHidesTheProxysPassword) {
  services.settings.proxy = "http://user:secret@proxy.example:3128";
  const Reply status = call<DaemonStatus>();
  ASSERT_THAT(status, Succeeds());
  EXPECT_EQ(status->at("protocol"), 1);
  EXPECT_EQ(status->at("connections"), 1);
  EXPECT_EQ(status->at("secret_store").at("backend"), "memory");
  EXPECT_EQ(status->at("secret_store").at("state"), "available");
  EXPECT_EQ(status->at("proxy"), "http://proxy.example:3128");
  EXPECT_EQ(status->at("proxy_from"), "network.proxy");
  EXPECT_TRUE(status->at("policy").is_null());
}

TEST_F(AccessMethods, TheStatusTellsOfAProxyOfTheEnvironmentAndOfThePolicy) {
  home.set("HTTPS_PROXY", "http://proxy.example:8080");
  Policy policy;
  policy.file = "/etc/forgelink/policy.toml";
  policy.allowed_types = {{"github"}};
  policy.ask = true;
  services.settings.policy = std::make_shared<const Policy>(policy);
  const Reply status = call<DaemonStatus>();
  ASSERT_THAT(status, Succeeds());
  EXPECT_EQ(status->at("proxy_from"), "HTTPS_PROXY");
  EXPECT_EQ(status->at("policy").at("file"), "/etc/forgelink/policy.toml");
  EXPECT_EQ(status->at("policy").at("access"), "ask");
  EXPECT_EQ(status->at("policy").at("allowed_types"), boost::json::array{"github"});
}

TEST_F(AccessMethods, ThatMemoryAloneHoldsTheTokensIsSaid) {
  const SecretStoreView view = view_of(services.vault);
  ASSERT_TRUE(view.trouble);
  EXPECT_THAT(*view.trouble, testing::HasSubstr("end with the daemon"));
}

}  // namespace
}  // namespace forgelink
