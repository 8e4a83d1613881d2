// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/access_list.hpp"
#include "daemon/methods/commit_list.hpp"
#include "daemon/methods/forge_request.hpp"
#include "daemon/methods/repository_list.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

class ListMethods : public testing::Test, public ServicesFixture {
 protected:
  ListMethods() {
    Connection work = draft("Work");
    work.username = "octo";
    work_ = with_token(std::move(work), "ghp_token");
  }
  static std::string repository(int id, const std::string& path) {
    return R"({"id":)" + std::to_string(id) + R"(,"name":"r","full_name":")" + path + R"("})";
  }
  ConnectionId work_;
};

TEST_F(ListMethods, RepositoriesComeInPagesThatMeet) {
  forge.on("GET /api/user/repos", 200, "[" + repository(1, "o/one") + "," + repository(2, "o/two") + "]");
  const Reply first = call<RepositoryList>({{"connection", "Work"}, {"limit", 1}});
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(first->at("repositories").at(0).at("path"), "o/one");
  EXPECT_TRUE(first->at("repositories").at(0).at("private").is_null()) << "not told is null";
  const Reply second =
      call<RepositoryList>({{"connection", "Work"}, {"limit", 1}, {"cursor", first->at("next_cursor")}});
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(second->at("repositories").at(0).at("path"), "o/two");
  EXPECT_TRUE(second->at("next_cursor").is_null());
}

TEST_F(ListMethods, ACursorOfAnotherConnectionIsRefused) {
  forge.on("GET /api/user/repos", 200, "[" + repository(1, "o/one") + "," + repository(2, "o/two") + "]");
  with_token(draft("Other"), "ghp_other");
  const Reply first = call<RepositoryList>({{"connection", "Work"}, {"limit", 1}});
  const Reply other =
      call<RepositoryList>({{"connection", "Other"}, {"limit", 1}, {"cursor", first->at("next_cursor")}});
  ASSERT_THAT(other, FailsWith(Errc::invalid_params));
  EXPECT_EQ(other.error().field, "cursor");
}

TEST_F(ListMethods, WhatTheForgeLeftOutIsSaid) {
  forge.on("GET /api/user/repos", 200, "[]", "X-GitHub-SSO: partial-results; organizations=1\r\n");
  const Reply reply = call<RepositoryList>({{"connection", "Work"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("partial"), true);
}

TEST_F(ListMethods, ARefusedTokenIsRejectedFromThenOn) {
  forge.on("GET /api/user/repos", 401, "{}", "X-GitHub-Request-Id: 1\r\n");
  EXPECT_THAT(call<RepositoryList>({{"connection", "Work"}}), FailsWith(Errc::token_rejected));
  EXPECT_EQ(row(work_).token.state, TokenState::rejected);
  EXPECT_THAT(published, testing::Contains(EventKind::token_rejected));
}

TEST_F(ListMethods, AListIsWrittenDown) {
  forge.on("GET /api/user/repos", 200, "[]");
  ASSERT_THAT(call<RepositoryList>({{"connection", "Work"}}), Succeeds());
  const Reply log = call<AccessList>();
  ASSERT_EQ(log->at("entries").as_array().size(), 1u);
  EXPECT_EQ(log->at("entries").at(0).at("action"), "repositories");
}

TEST_F(ListMethods, CommitsShowTheirAuthorsAsTheConnectionDoes) {
  forge.on("GET /api/repos/o/r/commits", 200,
           R"([{"sha":"abc","html_url":"https://github.com/o/r/commit/abc","author":{"login":"octo"},
              "commit":{"message":"A title\n\nA body","author":{"name":"Octo Cat","email":"o@example.org",
              "date":"2026-11-01T10:00:00Z"}}},
              {"sha":"def","author":null,"commit":{"message":"x","author":{"name":"Someone",
              "email":"s@example.org","date":"no date"}}}])");
  const Reply reply = call<CommitList>({{"connection", "Work"}, {"repository", "o/r"}});
  ASSERT_THAT(reply, Succeeds());
  const auto& first = reply->at("commits").at(0);
  EXPECT_EQ(first.at("title"), "A title");
  EXPECT_EQ(first.at("author").at("username"), "octo");
  EXPECT_EQ(first.at("author").at("date"), "2026-11-01T10:00:00Z");
  EXPECT_EQ(first.at("author_display"), "octo");
  EXPECT_FALSE(first.as_object().contains("message_truncated"));
  const auto& second = reply->at("commits").at(1);
  EXPECT_EQ(second.at("author_display"), "Someone");
  EXPECT_EQ(second.at("author").at("date"), "") << "what is no date is not passed on as one";
}

TEST_F(ListMethods, ARequestGivesWhatTheForgeAnswersWithoutTheToken) {
  forge.on("GET /api/user", 404, R"({"echo":"ghp_token"})", "X-Own: 1\r\nSet-Cookie: a=b\r\n");
  const Reply reply = call<ForgeRequest>({{"connection", "Work"},
                                          {"path", "/user"},
                                          {"query", {{"page", 2}, {"q", {"a b", true}}}},
                                          {"headers", {{"X-Mine", "yes"}}}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("status"), 404);
  EXPECT_EQ(reply->at("headers").at("x-own"), "1");
  EXPECT_FALSE(reply->at("headers").as_object().contains("set-cookie"));
  EXPECT_EQ(std::string(reply->at("body").as_string()).find("ghp_token"), std::string::npos);
  ASSERT_EQ(forge.asked.size(), 1u);
  EXPECT_EQ(forge.asked[0].target, "/api/user?page=2&q=a%20b&q=true");
  EXPECT_THAT(forge.asked[0].head, testing::HasSubstr("X-Mine: yes"));
}

TEST_F(ListMethods, ABodyThatIsNoTextComesInBase64) {
  forge.on("GET /api/raw", 200, std::string("\xff\xfe", 2));
  const Reply reply = call<ForgeRequest>({{"connection", "Work"}, {"path", "/raw"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("body_base64"), "//4=");
  EXPECT_TRUE(reply->at("body").is_null());
}

TEST_F(ListMethods, ABodyInBase64IsSentAsItsBytes) {
  forge.on("POST /api/raw", 201, "{}");
  const Reply reply = call<ForgeRequest>({{"connection", "Work"},
                                          {"path", "/raw"},
                                          {"method", "POST"},
                                          {"write", true},
                                          {"body_base64", "//4="}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(forge.asked.at(0).body, "\xff\xfe");
}

TEST_F(ListMethods, ARedirectOutOfTheApiIsNotFollowed) {
  forge.on("GET /api/moved", 302, "", "Location: " + forge.url() + "/outside\r\n");
  const Reply reply = call<ForgeRequest>({{"connection", "Work"}, {"path", "/moved"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("status"), 302);
  EXPECT_EQ(forge.asked.size(), 1u);
}

TEST_F(ListMethods, ARedirectWithinTheApiIsFollowedForReading) {
  forge.on("GET /api/moved", 301, "", "Location: " + forge.url() + "/api/here\r\n");
  forge.on("GET /api/here", 200, R"({"a":1})");
  const Reply reply = call<ForgeRequest>({{"connection", "Work"}, {"path", "/moved"}});
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->at("status"), 200);
}

}  // namespace
}  // namespace forgelink
