// SPDX-License-Identifier: MIT
#include "providers/http/forge_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "providers/http/rate_limit.hpp"
#include "tests/fakes/scripted_http_client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink::http {
namespace {

Request get(std::string url, std::string connection = "c") {
  return {.url = std::move(url), .connection = std::move(connection)};
}

TEST(WantedPause, IsReadFromWhateverTheForgeSends) {
  const auto pause = [](unsigned status, std::map<std::string, std::string, std::less<>> headers,
                        std::string body = "") {
    return wanted_pause(Reply{.status = status, .headers = std::move(headers), .body = std::move(body)});
  };
  using std::chrono::seconds;
  EXPECT_EQ(pause(200, {}), std::nullopt);
  EXPECT_EQ(pause(404, {}), std::nullopt);
  EXPECT_EQ(pause(429, {}), seconds(60));
  EXPECT_EQ(pause(429, {{"retry-after", "7"}}), seconds(7));
  EXPECT_EQ(pause(403, {}, "plain refusal"), std::nullopt);
  EXPECT_EQ(pause(403, {}, "You have exceeded a secondary rate limit"), seconds(60));
  EXPECT_EQ(pause(403, {}, "Maximum number of login attempts exceeded."), seconds(60));
  EXPECT_EQ(pause(200, {{"retry-after", "30"}}), seconds(30));
  EXPECT_EQ(pause(503, {{"retry-after", "30"}}), seconds(30));
  EXPECT_EQ(pause(503, {}), std::nullopt);
  const auto reset = std::to_string(std::time(nullptr) + 100);
  EXPECT_GE(pause(403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", reset}}), seconds(99));
  char date[64];
  const std::time_t later = std::time(nullptr) + 100;
  std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&later));
  EXPECT_GE(pause(429, {{"retry-after", date}}), seconds(98));
}

TEST(ForgeClient, ARateLimitedConnectionIsNotAskedForAgain) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/x", 429, "", {{"retry-after", "100"}});
  inner.on("/y", 200, "{}");
  ForgeClient client(inner);
  EXPECT_THAT(loop.run(client.send(get("https://h/x"))), FailsWith(Errc::rate_limited));
  const auto again = loop.run(client.send(get("https://h/y")));
  ASSERT_THAT(again, FailsWith(Errc::rate_limited));
  EXPECT_GE(*again.error().retry_after, std::chrono::seconds(99));
  EXPECT_EQ(inner.asked.size(), 1u);
  EXPECT_THAT(loop.run(client.send(get("https://h/y", "another"))), Succeeds());
}

Request with_token(std::string url, std::string connection, std::string_view token) {
  Request request = get(std::move(url), std::move(connection));
  request.authorization = {
      .scheme = Authorization::Scheme::bearer, .user = "", .secret = std::make_shared<const Secret>(token)};
  return request;
}

TEST(ForgeClient, ARateLimitHoldsForTheTokenWhateverTheConnection) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/x", 429, "", {{"retry-after", "100"}});
  ForgeClient client(inner);
  const auto first = loop.run(client.send(with_token("https://h/x", "c", "a-token")));
  ASSERT_THAT(first, FailsWith(Errc::rate_limited));
  EXPECT_THAT(first.error().message, testing::HasSubstr("Rate limited by h; retry in 100 s."));
  EXPECT_THAT(loop.run(client.send(with_token("https://h/x", "d", "a-token"))),
              FailsWith(Errc::rate_limited));
  EXPECT_EQ(inner.asked.size(), 1u);
  EXPECT_THAT(loop.run(client.send(with_token("https://h/x", "d", "another"))),
              FailsWith(Errc::rate_limited));
  EXPECT_THAT(loop.run(client.send(with_token("https://i/x", "e", "a-token"))),
              FailsWith(Errc::rate_limited));
  EXPECT_EQ(inner.asked.size(), 3u) << "another token, and another server, are not meant";
}

TEST(WantedPause, ExtremeNumbersAreClamped) {
  const auto pause = [](const char* name, const char* value) {
    return wanted_pause(
        Reply{.status = 429, .headers = {{name, value}, {"x-ratelimit-remaining", "0"}}, .body = ""});
  };
  using std::chrono::seconds;
  const seconds day(24 * 3600);
  EXPECT_EQ(pause("retry-after", "99999999999999999999999"), day);
  EXPECT_EQ(pause("retry-after", "-99999999999999999999999"), seconds(0));
  EXPECT_EQ(pause("x-ratelimit-reset", "9223372036854775807"), day);
  EXPECT_EQ(pause("x-ratelimit-reset", "99999999999999999999999"), day);
  EXPECT_EQ(pause("x-ratelimit-reset", "-9223372036854775808"), seconds(60)) << "past: not told";
  EXPECT_EQ(pause("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"), day);
}

TEST(ForgeClient, ARenewalObeysRetryAfterLikeAnyRequest) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/token", 429, "", {{"retry-after", "100"}});
  ForgeClient client(inner);
  const auto renewal = [](std::string_view refresh) {
    Request request{.method = "POST", .url = "https://h/token", .secret_reply = true};
    request.form.secret.emplace_back("refresh_token", Secret(refresh));
    return request;
  };
  EXPECT_THAT(loop.run(client.send(renewal("ghr_one"))), FailsWith(Errc::rate_limited));
  EXPECT_THAT(loop.run(client.send(renewal("ghr_one"))), FailsWith(Errc::rate_limited));
  EXPECT_EQ(inner.asked.size(), 1u) << "the second was not sent";
  EXPECT_THAT(loop.run(client.send(renewal("ghr_two"))), FailsWith(Errc::rate_limited));
  EXPECT_EQ(inner.asked.size(), 2u) << "another pair is not meant";
}

TEST(ForgeClient, ATokenThatAServerRepeatsIsTakenOutOfTheReply) {
  Loop loop;
  ScriptedHttpClient inner;
  const std::string token = "a-token-for-tests-0123456789";
  inner.on("/x", 400, R"({"message": "Authorization: Bearer )" + token + R"("})",
           {{"location", "https://h/?t=" + token}, {"x-oauth-scopes", "repo, " + token}});
  ForgeClient client(inner);
  const auto reply = loop.run(client.send(with_token("https://h/x", "c", token)));
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->body, R"({"message": "Authorization: Bearer …"})");
  EXPECT_EQ(reply->header("location"), "https://h/?t=…");
  EXPECT_EQ(reply->header("x-oauth-scopes"), "repo, …");
}

TEST(ForgeClient, WhatWaitedBehindAShortPauseIsHeldBackByALongerOne) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/a", 429, "", {{"retry-after", "1"}});
  inner.on("/a", 429, "", {{"retry-after", "200"}});
  inner.on("/b", 200, "{}");
  ForgeClient client(inner);
  std::vector<Result<Reply>> answers;
  for (const char* url : {"https://h/a", "https://h/b"}) {
    asio::co_spawn(loop.executor(), client.send(get(url)),
                   [&](std::exception_ptr, Result<Reply> reply) { answers.push_back(std::move(reply)); });
    loop.context().poll();
  }
  while (answers.size() < 2 && loop.context().run_one() > 0) {
  }
  ASSERT_EQ(answers.size(), 2u);
  // Whoever of the two goes first after the pause: what comes after the second refusal is not sent.
  EXPECT_THAT(loop.run(client.send(get("https://h/b"))), FailsWith(Errc::rate_limited));
  EXPECT_LE(inner.asked.size(), 3u);
}

TEST(ForgeClient, APauseIsForgottenWhenItIsOverAndWithItsConnection) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/x", 429, "", {{"retry-after", "1000"}});
  ForgeClient client(inner);
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(loop.run(client.send(get("https://h/x", std::to_string(i)))), FailsWith(Errc::rate_limited));
  EXPECT_EQ(client.backoffs(), 100u);
  for (int i = 0; i < 100; ++i) client.forget(std::to_string(i));
  EXPECT_EQ(client.backoffs(), 0u);
}

TEST(ForgeClient, EqualQuestionsAtOnceGoOutOnceAndAllAreAnswered) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/x", 429, "", {{"retry-after", "1"}});  // long enough for the others to come
  inner.on("/x", 200, "body");
  ForgeClient client(inner);
  int answered = 0;
  for (int i = 0; i < 5; ++i) {
    asio::co_spawn(loop.executor(), client.send(get("https://h/x")),
                   [&](std::exception_ptr, Result<Reply> reply) {
                     EXPECT_EQ(reply->body, "body");
                     ++answered;
                   });
  }
  while (answered < 5 && loop.context().run_one() > 0) {
  }
  EXPECT_EQ(answered, 5);
  EXPECT_EQ(inner.asked.size(), 2u);
}

TEST(ForgeClient, WhatIsUnchangedHasTheHeadersOfNow) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/x", 200, "body", {{"etag", "\"1\""}, {"x-oauth-scopes", "repo"}, {"link", "<https://h/2>"}});
  inner.on("/x", 304, "", {{"x-oauth-scopes", "gist"}, {"content-type", "text/plain"}});
  ForgeClient client(inner);
  ASSERT_THAT(loop.run(client.send(get("https://h/x"))), Succeeds());
  const auto second = loop.run(client.send(get("https://h/x")));
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(second->header("x-oauth-scopes"), "gist");
  EXPECT_EQ(second->header("link"), "<https://h/2>");
  EXPECT_EQ(second->header("content-type"), "application/json");
}

TEST(ForgeClient, AFullPageIsRememberedAndNotMoreThanAMegabyteOfThem) {
  Loop loop;
  ScriptedHttpClient inner;
  // As forges write: much of it again and again, some of it new.
  std::string page = "[";
  unsigned seed = 1;
  for (int item = 0; item < 100; ++item) {
    page += R"({"text": ")" + std::string(4000, 'x');
    for (int i = 0; i < 600; ++i)
      page += static_cast<char>('a' + ((seed = seed * 1103515245 + 12345) >> 16) % 26);
    page += R"("},)";
  }
  inner.on("/page", 200, page, {{"etag", "\"1\""}});
  ForgeClient client(inner);
  ASSERT_THAT(loop.run(client.send(get("https://h/page"))), Succeeds());
  EXPECT_GT(client.cached_bytes(), 0u);
  EXPECT_LT(client.cached_bytes(), page.size() / 4);
  for (int i = 0; i < 60; ++i)
    ASSERT_THAT(loop.run(client.send(get("https://h/page/" + std::to_string(i)))), Succeeds());
  EXPECT_LE(client.cached_bytes(), 1u << 20);
  EXPECT_GT(client.cached_bytes(), 900u << 10) << "it is full";
  // The first is still known: the newcomers did not push it out.
  ASSERT_THAT(loop.run(client.send(get("https://h/page"))), Succeeds());
  EXPECT_EQ(inner.asked.back().headers.back().first, "If-None-Match");
  client.forget("c");
  EXPECT_EQ(client.cached_bytes(), 0u);
}

TEST(ForgeClient, WhatHasNotChangedIsAnsweredFromMemory) {
  Loop loop;
  ScriptedHttpClient inner;
  inner.on("/x", 200, "body", {{"etag", "\"1\""}});
  inner.on("/x", 304, "");
  ForgeClient client(inner);
  EXPECT_EQ(loop.run(client.send(get("https://h/x")))->body, "body");
  const auto second = loop.run(client.send(get("https://h/x")));
  EXPECT_EQ(second->status, 200u);
  EXPECT_EQ(second->body, "body");
}

}  // namespace
}  // namespace forgelink::http
