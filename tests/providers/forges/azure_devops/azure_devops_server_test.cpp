// SPDX-License-Identifier: MIT
#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* server_identity =
    R"({"authenticatedUser": {"id": "11111111-2222-4333-8444-555555555555",
    "properties": {"Account": {"$type": "System.String", "$value": "dev@example.org"}}}})";

class AzureServer : public ForgeFixture {
 protected:
  AzureServer() : ForgeFixture("azure-devops-server") {
    // The version is remembered by server: each test has one of its own.
    server = "https://tfs" + target.connection + ".example/tfs/Main";
    target.server_url = server;
  }
  static http::Reply out_of_range() {
    return json_reply(
        400,
        R"({"message": "The requested version is out of range.", "typeKey": "VssVersionOutOfRangeException"})");
  }
  std::string server;
};

TEST_F(AzureServer, StepsDownToTheVersionItKnowsAndRemembersIt) {
  const std::string identity = server + "/_apis/connectionData?api-version=";
  client.on(server, out_of_range());
  client.on(identity + "6.0-preview", json_reply(server_identity));
  client.on(server + "/_apis/git/repositories?api-version=6.0", json_reply(R"({"value": []})"));
  ASSERT_THAT(verify(), Succeeds());
  EXPECT_THAT(client.urls(),
              ElementsAre(identity + "7.1-preview", identity + "7.0-preview", identity + "6.0-preview",
                          server + "/_apis/git/repositories?api-version=6.0"));
  ASSERT_THAT(repositories(), Succeeds());
  EXPECT_EQ(client.asked.size(), 5U);
}

TEST_F(AzureServer, OneThatKnowsNoneIsAForgeErrorInTheEnd) {
  client.on(server, out_of_range());
  EXPECT_THAT(verify(), FailsWith(Errc::forge_error));
  EXPECT_EQ(client.asked.size(), 4U);
}

TEST_F(AzureServer, WindowsOwnWaysToSignInAreNotAnsweredButExplained) {
  const Error error = refusal(server, own_reply(401, "", {{"www-authenticate", "NTLM, Negotiate"}}));
  EXPECT_THAT(error, Refuses(Errc::token_rejected));
  EXPECT_THAT(error.hint, HasSubstr("IIS"));
  EXPECT_EQ(error.url, server + "/_usersSettings/tokens");
}

TEST_F(AzureServer, AWrongCollectionIsAskedAfter) {
  const Error error = refusal(server, json_reply(404, R"({"message": "TF200016"})"));
  EXPECT_THAT(error, Refuses(Errc::not_found));
  EXPECT_THAT(error.hint, HasSubstr("collection"));
}

TEST_F(AzureServer, ARepositoryIsFoundByItsAddresses) {
  const std::string host = server.substr(8, server.find('/', 8) - 8);
  for (const std::string& name :
       {server + "/P/_git/r", "ssh://" + host + ":22/tfs/Main/P/_git/r",
        "ssh://git@" + host + "/Main/P/_git/r", std::string("P/_git/r"), std::string("P/r")}) {
    ScriptedHttpClient scripted;
    scripted.on(server, json_reply(R"({"value": []})"));
    ASSERT_THAT(loop.run(provider.commits(scripted, target, CommitQuery{name, ""}, "", 100)), Succeeds())
        << name;
    EXPECT_THAT(scripted.urls().at(0), ::testing::StartsWith(server + "/P/_apis/git/repositories/r/commits?"))
        << name;
  }
  EXPECT_THAT(commits("https://" + host + "/tfs/Other/P/_git/r"), FailsWith(Errc::invalid_params));
}

TEST_F(AzureServer, WithoutAnAddressNothingIsAsked) {
  target.server_url.reset();
  EXPECT_THAT(verify(), FailsWith(Errc::server_url_required));
  EXPECT_THAT(repositories(), FailsWith(Errc::server_url_required));
  EXPECT_THAT(commits("P/r"), FailsWith(Errc::server_url_required));
  EXPECT_THAT(client.asked, IsEmpty());
  EXPECT_THAT(provider.git_roots(target), IsEmpty());
}

}  // namespace
}  // namespace forgelink
