// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/connection_remove.hpp"
#include "daemon/methods/lend_end.hpp"
#include "daemon/methods/lend_list.hpp"
#include "daemon/methods/lend_start.hpp"
#include "daemon/methods/lent_methods.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

class LendMethods : public testing::Test, public ServicesFixture {
 protected:
  LendMethods() {
    work_ = with_token(draft("Work"), "ghp_work");
    lab_ = with_token(draft("Lab", "gitlab"), "glpat-lab");
    lent_->ids = {work_};
  }
  // What a client of the lent socket gets.
  Reply ask(std::string_view name, boost::json::object params) {
    ipc::Outcome outcome = table_.find(name)->invoke(params, *peer);
    if (auto* answer = std::get_if<ipc::Answer>(&outcome)) return object_of(std::move(*answer));
    return object_of(loop.run(std::get<awaitable<ipc::Answer>>(std::move(outcome))));
  }
  boost::json::object git(const char* username = nullptr) const {
    boost::json::object asked{{"protocol", "http"}, {"host", forge.authority()}};
    if (username != nullptr) asked["username"] = username;
    return asked;
  }

  ConnectionId work_, lab_;
  std::shared_ptr<LentConnections> lent_ = std::make_shared<LentConnections>();
  const ipc::Server* lending_ = &server;
  ipc::MethodTable table_ = make_lent_table(services, lent_, lending_);
};

TEST_F(LendMethods, WhatIsLentIsListedAndEnds) {
  const Reply started = call<LendStart>({{"connections", {"Work", work_.text()}}, {"for", "30min"}});
  ASSERT_THAT(started, Succeeds());
  const auto& lend = started->at("lend").as_object();
  EXPECT_EQ(lend.at("connections"), boost::json::array{work_.text()}) << "named twice, lent once";
  const std::string socket(lend.at("socket").as_string());
  EXPECT_TRUE(std::filesystem::is_socket(socket));
  EXPECT_EQ(call<LendList>()->at("lends").as_array().size(), 1u);
  ASSERT_THAT(call<LendEnd>({{"lend", lend.at("id")}}), Succeeds());
  EXPECT_TRUE(call<LendList>()->at("lends").as_array().empty());
  EXPECT_TRUE(run_until([&] { return !std::filesystem::exists(socket); }));
}

struct LendTime {
  const char* text;
  std::chrono::seconds time;
};

class LendTimes : public LendMethods, public testing::WithParamInterface<LendTime> {};

TEST_P(LendTimes, AreReadWithTheirUnit) {
  const Time before = services.clock.now();
  const Reply started = call<LendStart>({{"connections", {"Work"}}, {"for", GetParam().text}});
  ASSERT_THAT(started, Succeeds());
  const Time ends = *parse_time(started->at("lend").at("expires_at").as_string());
  EXPECT_GE(ends, before + GetParam().time);
  EXPECT_LE(ends, services.clock.now() + GetParam().time);
}

INSTANTIATE_TEST_SUITE_P(All, LendTimes,
                         testing::Values(LendTime{"90s", std::chrono::seconds(90)},
                                         LendTime{"30min", std::chrono::minutes(30)},
                                         LendTime{"5m", std::chrono::minutes(5)},
                                         LendTime{"8h", std::chrono::hours(8)},
                                         LendTime{"2d", std::chrono::hours(48)}));

TEST_F(LendMethods, ALockedDaemonLendsNothing) {
  ASSERT_THAT(services.lock.lock(TokenLock::By::person), Succeeds());
  EXPECT_THAT(call<LendStart>({{"connections", {"Work"}}}), FailsWith(Errc::locked));
  EXPECT_TRUE(services.lends.list().empty());
}

TEST_F(LendMethods, AFolderOrFileInThePlaceOfTheSocketIsLeftAlone) {
  const std::string taken = (home.folder() / "taken").string();
  std::filesystem::create_directory(taken);
  const Reply refused = call<LendStart>({{"connections", {"Work"}}, {"socket", taken}});
  ASSERT_THAT(refused, FailsWith(Errc::invalid_params));
  EXPECT_EQ(refused.error().field, "socket");
  EXPECT_TRUE(std::filesystem::is_directory(taken));
}

TEST_F(LendMethods, ALendEndsWithTheLastOfItsConnections) {
  ASSERT_THAT(call<LendStart>({{"connections", {"Work", "Lab"}}}), Succeeds());
  ASSERT_THAT(call<ConnectionRemove>({{"connection", "Work"}}), Succeeds());
  ASSERT_EQ(services.lends.list().size(), 1u);
  EXPECT_THAT(services.lends.list().front().connections, testing::ElementsAre(lab_));
  ASSERT_THAT(call<ConnectionRemove>({{"connection", "Lab"}}), Succeeds());
  EXPECT_TRUE(services.lends.list().empty());
  EXPECT_THAT(published, testing::Contains(EventKind::lend_ended));
}

TEST_F(LendMethods, ALentSocketAnswersGitForWhatIsLent) {
  const Reply answer = ask("credential.get", git());
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer->at("password"), "ghp_work");
}

TEST_F(LendMethods, AConnectionThatIsNotLentDoesNotExistThere) {
  EXPECT_THAT(ask("repository.list", {{"connection", "Lab"}}), FailsWith(Errc::not_found));
  EXPECT_THAT(ask("commit.list", {{"connection", lab_.text()}, {"repository", "o/r"}}),
              FailsWith(Errc::not_found));
  lent_->ids = {lab_};
  const Reply answer = ask("credential.get", {{"protocol", "https"}, {"host", "gist.github.com"}});
  ASSERT_THAT(answer, Succeeds());
  EXPECT_TRUE(answer->empty());
}

TEST_F(LendMethods, AStoredCredentialIsNotLent) {
  const boost::json::object full{
      {"protocol", "https"}, {"host", "other.example"}, {"username", "u"}, {"password", "secret"}};
  ASSERT_THAT(call("credential.store", full), Succeeds());
  EXPECT_TRUE(ask("credential.get", {{"protocol", "https"}, {"host", "other.example"}})->empty());
}

TEST_F(LendMethods, AReadOnlyLendGivesGitASentenceAndNoToken) {
  lent_->read_only = true;
  const Reply answer = ask("credential.get", git());
  ASSERT_THAT(answer, Succeeds());
  EXPECT_FALSE(answer->contains("password"));
  EXPECT_THAT(std::string(answer->at("message").as_string()), testing::HasSubstr("lent for reading"));
}

TEST_F(LendMethods, ListsOfWhatIsLentAreAnswered) {
  forge.on("GET /api/user/repos", 200, R"([{"id":1,"name":"r","full_name":"o/r"}])");
  forge.on("GET /api/repos/o/r/commits", 200, "[]");
  const Reply repositories = ask("repository.list", {{"connection", "Work"}});
  ASSERT_THAT(repositories, Succeeds());
  EXPECT_EQ(repositories->at("repositories").as_array().size(), 1u);
  EXPECT_THAT(ask("commit.list", {{"connection", "Work"}, {"repository", "o/r"}}), Succeeds());
}

TEST_F(LendMethods, WhatAConnectionAsksAboutIsAgreedToByTheLend) {
  change(work_, [](Connection& c) { c.access = Access::ask; });
  lent_->agreed = {work_};
  EXPECT_EQ(ask("credential.get", git())->at("password"), "ghp_work");
  EXPECT_TRUE(services.consent.questions().empty());
}

TEST_F(LendMethods, TheStatusThereCountsWhatIsLentAndSaysNothingOfTheRest) {
  const Reply status = ask("daemon.status", {});
  ASSERT_THAT(status, Succeeds());
  EXPECT_EQ(status->at("connections"), 1);
  EXPECT_TRUE(status->at("git_hosts").as_array().empty());
  EXPECT_EQ(status->at("registry"), "");
}

}  // namespace
}  // namespace forgelink
