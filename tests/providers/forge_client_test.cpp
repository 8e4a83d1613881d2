#include "providers/http/forge_client.hpp"

#include <gtest/gtest.h>

#include <ctime>

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
  EXPECT_EQ(pause(200, {{"retry-after", "30"}}), seconds(30));
  const auto reset = std::to_string(std::time(nullptr) + 100);
  EXPECT_GE(pause(403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", reset}}), seconds(99));
  char date[64];
  const std::time_t later = std::time(nullptr) + 100;
  std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&later));
  EXPECT_GE(pause(429, {{"retry-after", date}}), seconds(98));
}

TEST(ForgeClient, AForgeThatWantsPeaceIsNotAskedAgainForThatConnection) {
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
