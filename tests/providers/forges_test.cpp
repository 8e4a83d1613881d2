// SPDX-License-Identifier: MIT
// What all forges have in common, and that nothing a forge sends can hurt. Each forge's own ways are tested
// against the sandbox in tests/integration.
#include <gtest/gtest.h>

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"
#include "tests/fakes/scripted_http_client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

std::vector<std::string> all_types() {
  std::vector<std::string> types;
  for (const Provider& provider : providers()) types.emplace_back(provider.id);
  return types;
}

class ForgeTest : public testing::TestWithParam<std::string> {
 protected:
  const Provider& provider() const { return *find_provider(GetParam()); }
  Target target() const {
    Target t{.endpoints = &endpoints_,
             .connection = "c",
             .username = "octo",
             .email = "a@b",
             .organization = "org",
             .token = std::make_shared<const Secret>("the-token")};
    if (provider().self_hosted) t.server_url = "https://git.example/sub";
    return t;
  }
  Endpoints endpoints_;
  Loop loop_;
};

TEST_P(ForgeTest, IsDescribedWholly) {
  EXPECT_FALSE(provider().label.empty());
  EXPECT_FALSE(provider().scopes.empty());
  EXPECT_TRUE(provider().token_page(target()).starts_with("https://"));
  EXPECT_FALSE(provider().git_login(target()).username.empty());
  for (const std::string& root : provider().git_roots(target()))
    EXPECT_TRUE(root.starts_with("https://")) << root;
  bool self_hosted = false;
  for (const Field& field : provider().fields) {
    EXPECT_FALSE(field.help.empty()) << field.name;
    self_hosted |= field.name == "server_url";
  }
  EXPECT_EQ(self_hosted, provider().self_hosted);
}

TEST_P(ForgeTest, A401IsARefusedTokenEverywhere) {
  ScriptedHttpClient client;
  client.on("https://", 401, R"({"message": "no"})",
            {{"x-github-request-id", "C0DE:1"}, {"activityid", "1"}, {"x-arequestid", "1"}});
  EXPECT_THAT(loop_.run(provider().verify(client, target())), FailsWith(Errc::token_rejected));
  EXPECT_THAT(loop_.run(provider().repositories(client, target(), "", 100)), FailsWith(Errc::token_rejected));
}

TEST_P(ForgeTest, A401OfAGatewaySaysNothingOfTheToken) {
  ScriptedHttpClient client;
  client.on("https://", 401, "<html><title>Corporate Gateway</title></html>",
            {{"content-type", "text/html"}, {"server", "gate/2"}});
  for (int i = 0; i < 2; ++i) {
    const Error error = i == 0 ? loop_.run(provider().verify(client, target())).error()
                               : loop_.run(provider().repositories(client, target(), "", 100)).error();
    EXPECT_EQ(error.code, Errc::forge_error);
    EXPECT_NE(error.message.find("gateway (gate/2)"), std::string::npos) << error.message;
  }
}

TEST_P(ForgeTest, A403OfAGatewaySaysNothingOfTheToken) {
  ScriptedHttpClient client;
  client.on("https://", 403, "<html><title>Blocked</title></html>", {{"content-type", "text/html"}});
  const Error error = loop_.run(provider().verify(client, target())).error();
  EXPECT_EQ(error.code, Errc::forge_error);
  EXPECT_NE(error.message.find("gateway (Blocked)"), std::string::npos) << error.message;
}

TEST_P(ForgeTest, ARedirectElsewhereNamesThePlaceAndSaysNothingOfTheToken) {
  for (const unsigned status : {301u, 302u, 307u, 308u}) {
    ScriptedHttpClient client;
    client.on("https://", status, "", {{"content-type", ""}, {"location", "https://other.example/x"}});
    const Error error = loop_.run(provider().verify(client, target())).error();
    EXPECT_EQ(error.code, Errc::forge_error) << status;
    EXPECT_NE(error.message.find("https://other.example"), std::string::npos) << error.message;
  }
}

TEST_P(ForgeTest, ARedirectWithinTheOriginIsFollowed) {
  ScriptedHttpClient client;
  client.on("https://", 404, "{}");
  (void)loop_.run(provider().verify(client, target()));
  (void)loop_.run(provider().repositories(client, target(), "", 100));
  const CommitQuery query{.repository = "a/b", .branch = ""};
  (void)loop_.run(provider().commits(client, target(), query, "", 100));
  EXPECT_GE(client.asked.size(), 3u);
  for (const auto& asked : client.asked) EXPECT_TRUE(asked.follow_within_origin) << asked.url;
}

TEST_P(ForgeTest, NoReplyIsTooStrange) {
  const char* bodies[] = {"",
                          "null",
                          "[]",
                          "{}",
                          "[null]",
                          "[[[]]]",
                          "{\"values\":[null]}",
                          "{\"value\":{}}",
                          "\"text\"",
                          "123",
                          "{\"id\":{}}",
                          "{\"id\":1e999}",
                          "<html>",
                          "{\"id\":",
                          "[{\"id\":null,\"sha\":7}]",
                          "{\"authenticatedUser\":[]}",
                          "{\"authenticatedUser\":{\"id\":7}}",
                          "{\"values\":[{\"workspace\":{\"slug\":7}}]}",
                          "{\"uuid\":\"x\",\"username\":[]}"};
  for (unsigned status : {200u, 203u, 302u, 400u, 403u, 404u, 409u, 410u, 500u}) {
    for (const char* body : bodies) {
      ScriptedHttpClient client;
      client.on("https://", status, body, {{"link", "<>; rel=\"next\", <x"}});
      (void)loop_.run(provider().verify(client, target()));
      (void)loop_.run(provider().repositories(client, target(), "", 100));
      const CommitQuery query{.repository = "a/b", .branch = ""};
      (void)loop_.run(provider().commits(client, target(), query, "", 100));
      for (const auto& asked : client.asked) EXPECT_EQ(asked.token, "the-token");
    }
  }
}

TEST_P(ForgeTest, AContinuationThatLeadsElsewhereIsNotFollowed) {
  ScriptedHttpClient client;
  client.on("https://", 200, "[]");
  const bool by_number = GetParam().starts_with("azure");
  const std::string elsewhere =
      GetParam() == "bitbucket" ? "https://evil.example/x\n\nslug" : "https://evil.example/x";
  const auto page = loop_.run(provider().repositories(client, target(), elsewhere, 100));
  if (!by_number) {
    EXPECT_THAT(page, FailsWith(Errc::forge_error));
  }
  for (const auto& asked : client.asked) EXPECT_EQ(asked.url.find("evil"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, ForgeTest, testing::ValuesIn(all_types()), [](const auto& forge) {
  std::string name = forge.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Providers, TheFirstSixStandFirstInTheirOrder) {
  std::vector<std::string> first = all_types();
  first.resize(6);
  EXPECT_EQ(first, (std::vector<std::string>{"azure-devops", "azure-devops-server", "bitbucket", "github",
                                             "gitlab", "gitlab-self-managed"}));
  EXPECT_EQ(find_provider("bitbucket-server"), nullptr);
}

}  // namespace
}  // namespace forgelink
