// SPDX-License-Identifier: MIT
// What the tests of all forges share: a client that answers from a script, a target, and questions that run
// to their end.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "providers/provider.hpp"
#include "tests/fakes/scripted_http_client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {

// Nothing here is a real one.
inline constexpr std::string_view a_token = "a-token-for-tests-0123456789";

inline http::Reply reply_of(unsigned status, std::string body,
                            std::map<std::string, std::string, std::less<>> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

// With what marks the answers of each forge as its own.
inline http::Reply own_reply(unsigned status, std::string body = "",
                             std::map<std::string, std::string, std::less<>> headers = {}) {
  headers.emplace("x-github-request-id", "C0DE:1");
  headers.emplace("x-arequestid", "@1");
  headers.emplace("activityid", "11111111-2222-4333-8444-555555555555");
  return reply_of(status, std::move(body), std::move(headers));
}

// A forge's own.
inline http::Reply json_reply(unsigned status, std::string body,
                              std::map<std::string, std::string, std::less<>> headers = {}) {
  headers.emplace("content-type", "application/json; charset=utf-8");
  return own_reply(status, std::move(body), std::move(headers));
}

inline http::Reply json_reply(std::string body,
                              std::map<std::string, std::string, std::less<>> headers = {}) {
  return json_reply(200, std::move(body), std::move(headers));
}

// Anybody's.
inline http::Reply html_reply(unsigned status) {
  return reply_of(status, "<html><title>Sign in</title></html>", {{"content-type", "text/html"}});
}

class ForgeFixture : public ::testing::Test {
 protected:
  explicit ForgeFixture(std::string_view type) : provider(*find_provider(type)) {
    target.endpoints = &endpoints;
    // Each test is a connection of its own: what an instance told is remembered by connection.
    static int count = 0;
    target.connection = std::to_string(++count);
    use(a_token);
  }

  void use(std::string_view token) { target.token = std::make_shared<const Secret>(token); }

  Result<Verification> verify() { return loop.run(provider.verify(client, target)); }
  Result<Page<Repository>> repositories(std::string next = "", std::size_t limit = 100) {
    return loop.run(provider.repositories(client, target, std::move(next), limit));
  }
  Result<Page<Commit>> commits(std::string repository, std::string branch = "", std::string next = "",
                               std::size_t limit = 100) {
    CommitQuery query{
        .repository = std::move(repository), .branch = std::move(branch), .full_messages = full_messages};
    return loop.run(provider.commits(client, target, std::move(query), std::move(next), limit));
  }

  // The refusal of a reply to the first question of a verification.
  Error refusal(std::string url, http::Reply reply) {
    ScriptedHttpClient once;
    once.on(std::move(url), std::move(reply));
    Result<Verification> said = loop.run(provider.verify(once, target));
    if (said) return {.code = Errc::internal, .message = "it was accepted"};
    return said.error();
  }

  bool full_messages = false;
  Loop loop;
  Endpoints endpoints;
  ScriptedHttpClient client;
  Target target;
  const Provider& provider;
};

// A refusal that says something to a person, and keeps the token to itself.
MATCHER_P(Refuses, code, std::string("refuses as ") + std::string(kind(code))) {
  *result_listener << kind(arg.code) << ": " << arg.message;
  return arg.code == code && arg.message.ends_with('.') && !arg.message.ends_with("..") &&
         arg.message.find(a_token) == std::string::npos;
}

}  // namespace forgelink
