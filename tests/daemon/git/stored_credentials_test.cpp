// SPDX-License-Identifier: MIT
#include "daemon/git/stored_credentials.hpp"

#include <gtest/gtest.h>

#include "daemon/git/git_credentials.hpp"
#include "storage/memory_secret_store.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

class StoredCredentialsTest : public testing::Test {
 protected:
  static GitCredential at(const std::string& host, const std::string& path, const char* password = "",
                          const char* username = "u") {
    GitCredential asked;
    asked.address = {.protocol = "https", .host = host, .path = path, .username = username};
    if (*password != '\0') asked.password = Secret(password);
    return asked;
  }
  void store(const std::string& host, const std::string& path, const char* password) {
    EXPECT_THAT(loop_.run(stored_.remember(at(host, path, password))), Succeeds());
  }
  std::string found(const std::string& host, const std::string& path) {
    const GitCredential asked = at(host, path);
    const GitAnswer answer = loop_.run(stored_.find(asked));
    return answer.password ? std::string(answer.password->reveal()) : "";
  }

  ManualClock clock_;
  Loop loop_;
  Settings settings_ = [] {
    Settings settings;
    settings.store = StoreChoice::memory;
    return settings;
  }();
  std::unique_ptr<Registry> registry_ = Registry::in_memory();
  MemorySecretStore memory_;
  SecretVault vault_{loop_.executor(), settings_, *registry_, nullptr, memory_};
  GitHosts hosts_{*registry_, settings_};
  StoredCredentials stored_{*registry_, vault_, hosts_, clock_};
};

TEST_F(StoredCredentialsTest, OnAHostThatSetupCoversOnePasswordIsForAllPaths) {
  store("github.com", "a/one.git", "secret");
  EXPECT_EQ(found("github.com", "b/two.git"), "secret");
  store("github.com", "b/two.git", "newer");
  EXPECT_EQ(found("github.com", "a/one.git"), "newer");
  EXPECT_EQ(registry_->stored_credentials().size(), 1U);
}

TEST_F(StoredCredentialsTest, ElsewhereThePathCounts) {
  store("example.com", "a", "secret");
  EXPECT_EQ(found("example.com", "a"), "secret");
  EXPECT_EQ(found("example.com", "b"), "");
}

TEST_F(StoredCredentialsTest, OnlyThePasswordThatWasRefusedIsForgotten) {
  store("github.com", "a", "secret");
  EXPECT_THAT(loop_.run(stored_.forget(at("github.com", "b", "other"))), Succeeds());
  EXPECT_EQ(found("github.com", "a"), "secret");
  EXPECT_THAT(loop_.run(stored_.forget(at("github.com", "b", "secret"))), Succeeds());
  EXPECT_EQ(found("github.com", "a"), "");
}

TEST_F(StoredCredentialsTest, WhatWasKeptForAPathBeforeStillAnswersForThatPath) {
  const StoredCredential old{.protocol = "https",
                             .host = "github.com",
                             .path = "a",
                             .username = "u",
                             .store = Store::memory,
                             .item = ItemId::make()};
  EXPECT_THAT(registry_->remember(old), Succeeds());
  EXPECT_TRUE(stored_.has({.protocol = "https", .host = "github.com", .path = "a"}));
  EXPECT_FALSE(stored_.has({.protocol = "https", .host = "github.com", .path = "b"}));
}

}  // namespace
}  // namespace forgelink
