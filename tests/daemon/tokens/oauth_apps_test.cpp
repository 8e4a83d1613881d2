// SPDX-License-Identifier: MIT
#include "daemon/tokens/oauth_apps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Use = OAuthApps::Use;

constexpr const char* lab = "https://git.example/lab";

class OAuthAppsTest : public testing::Test, protected DaemonFixture {
 protected:
  Connection on(const std::string& type, std::optional<std::string> server = std::nullopt) const {
    Connection row = draft("Work", type);
    row.server_url = std::move(server);
    row.sign_in = SignIn::oauth;
    return row;
  }
  Result<OAuthServer> server(const std::string& type, std::optional<std::string> url = std::nullopt,
                             Use use = Use::browser) {
    return run(apps.server_for(on(type, std::move(url)), use));
  }
  std::string client_id(const std::string& type, std::optional<std::string> url = std::nullopt) {
    Result<OAuthServer> found = server(type, std::move(url), Use::device);
    return found ? found->app.client_id : "";
  }
  Result<> set(const std::string& type, const std::string& url, const std::string& id,
               std::string_view secret = "") {
    std::optional<Secret> given;
    if (!secret.empty()) given.emplace(secret);
    return run(apps.set(type, url, id, std::move(given)));
  }
  void has_policy(PolicyApp app) {
    auto policy = std::make_shared<Policy>();
    policy->file = "/etc/forgelink/policy.toml";
    policy->apps.push_back(std::move(app));
    settings.policy = policy;
  }
  std::vector<std::string> listed() const {
    std::vector<std::string> all;
    for (const OAuthApps::Listed& one : apps.list())
      all.push_back(one.type + "|" + one.server_url + "|" + one.client_id + "|" + std::string(one.from));
    return all;
  }

  OAuthApps apps{*registry, vault, settings};
};

TEST_F(OAuthAppsTest, TheFirstInTheirOrderCounts) {
  settings.oauth_types["gitlab-self-managed"].client_id = "of-settings-type";
  EXPECT_EQ(client_id("gitlab-self-managed", lab), "of-settings-type");
  ASSERT_THAT(set("gitlab-self-managed", "", "stored-type"), Succeeds());
  EXPECT_EQ(client_id("gitlab-self-managed", lab), "stored-type");
  settings.oauth_servers.push_back({.url = lab, .client_id = "of-settings-server"});
  EXPECT_EQ(client_id("gitlab-self-managed", lab), "of-settings-server");
  ASSERT_THAT(set("gitlab-self-managed", lab, "stored-server"), Succeeds());
  EXPECT_EQ(client_id("gitlab-self-managed", lab), "stored-server");
  has_policy({.type = "", .server_url = lab, .client_id = "of-policy"});
  EXPECT_EQ(client_id("gitlab-self-managed", lab), "of-policy");
}

TEST_F(OAuthAppsTest, AnotherServersAppIsNobodyElses) {
  ASSERT_THAT(set("github-enterprise", "https://one.example", "one"), Succeeds());
  EXPECT_EQ(client_id("github-enterprise", "https://one.example"), "one");
  EXPECT_THAT(server("github-enterprise", "https://two.example"), FailsWith(Errc::oauth_app_missing));
}

TEST_F(OAuthAppsTest, OneTypesAppIsNotAnotherTypesOnTheSameServer) {
  ASSERT_THAT(set("gitlab-self-managed", lab, "theirs"), Succeeds());
  EXPECT_THAT(server("forgejo", lab), FailsWith(Errc::oauth_app_missing));
}

TEST_F(OAuthAppsTest, WithoutAnAppThePageAndWhatToTypeAreTold) {
  for (const char* type : {"github", "gitlab", "bitbucket", "azure-devops"}) {
    const Result<OAuthServer> found = server(type);
    ASSERT_THAT(found, FailsWith(Errc::oauth_app_missing)) << type;
    EXPECT_THAT(found.error().hint, HasSubstr(std::string("forgelink oauth-app set ") + type)) << type;
    EXPECT_THAT(found.error().url, HasSubstr("https://")) << type;
  }
  for (const char* type : {"github-enterprise", "gitlab-self-managed", "forgejo"}) {
    const Result<OAuthServer> found = server(type, lab);
    ASSERT_THAT(found, FailsWith(Errc::oauth_app_missing)) << type;
    EXPECT_THAT(found.error().hint, HasSubstr(std::string("--server ") + lab)) << type;
    EXPECT_THAT(found.error().url, HasSubstr("https://git.example/")) << type;
  }
}

TEST_F(OAuthAppsTest, ATypeWithoutASignInHasNone) {
  for (const char* type : {"azure-devops-server", "bitbucket-data-center"})
    EXPECT_THAT(server(type, lab), FailsWith(Errc::sign_in_unsupported)) << type;
}

TEST_F(OAuthAppsTest, TheBrowserOfGithubNeedsTheSecretAndTheDeviceCodeDoesNot) {
  ASSERT_THAT(set("github", "", "the-id"), Succeeds());
  const Result<OAuthServer> browser = server("github");
  ASSERT_THAT(browser, FailsWith(Errc::oauth_app_missing));
  EXPECT_THAT(browser.error().message, HasSubstr("client secret"));
  EXPECT_THAT(server("github", std::nullopt, Use::device), Succeeds());
  ASSERT_THAT(set("github", "", "the-id", "the-secret"), Succeeds());
  const Result<OAuthServer> found = server("github");
  ASSERT_THAT(found, Succeeds());
  EXPECT_EQ(found->app.client_secret->reveal(), "the-secret");
}

TEST_F(OAuthAppsTest, ASecretBelongsToTheIdItWasStoredWith) {
  ASSERT_THAT(set("bitbucket", "", "first", "the-secret"), Succeeds());
  // Without a secret the one of the same id stays; with another id it goes.
  ASSERT_THAT(set("bitbucket", "", "first"), Succeeds());
  EXPECT_THAT(server("bitbucket"), Succeeds());
  ASSERT_THAT(set("bitbucket", "", "second"), Succeeds());
  EXPECT_THAT(server("bitbucket"), FailsWith(Errc::oauth_app_missing));
}

TEST_F(OAuthAppsTest, AStoredSecretServesTheIdOfThePolicy) {
  ASSERT_THAT(set("bitbucket", "", "the-id", "the-secret"), Succeeds());
  has_policy({.type = "bitbucket", .server_url = "", .client_id = "the-id"});
  EXPECT_THAT(server("bitbucket"), Succeeds());
  has_policy({.type = "bitbucket", .server_url = "", .client_id = "another"});
  EXPECT_THAT(server("bitbucket"), FailsWith(Errc::oauth_app_missing));
}

TEST_F(OAuthAppsTest, AKeyringThatIsAwayIsSaidAndNotTakenForNoSecret) {
  settings.cache = std::chrono::seconds(0);
  ASSERT_THAT(set("bitbucket", "", "the-id", "the-secret"), Succeeds());
  keyring.now = StoreState::unavailable;
  EXPECT_THAT(server("bitbucket"), FailsWith(Errc::keyring_unavailable));
}

TEST_F(OAuthAppsTest, NothingIsLeftOfASecretThatWasReplacedOrRemoved) {
  ASSERT_THAT(set("github", "", "the-id", "first"), Succeeds());
  const std::size_t one = keyring.items.size();
  ASSERT_THAT(set("github", "", "the-id", "second"), Succeeds());
  settle();
  EXPECT_EQ(keyring.items.size(), one);
  ASSERT_THAT(run(apps.remove("github", "")), Succeeds());
  settle();
  EXPECT_EQ(keyring.items.size(), one - 1);
  EXPECT_THAT(run(apps.remove("github", "")), FailsWith(Errc::not_found));
}

TEST_F(OAuthAppsTest, AllAreListedInTheirOrder) {
  has_policy({.type = "github", .server_url = "", .client_id = "p"});
  ASSERT_THAT(set("gitlab", "", "s"), Succeeds());
  settings.oauth_servers.push_back({.url = lab, .client_id = "v"});
  settings.oauth_types["bitbucket"].client_id = "t";
  EXPECT_THAT(listed(), ElementsAre("github||p|policy", "gitlab||s|stored",
                                    std::string("|") + lab + "|v|settings", "bitbucket||t|settings"));
}

TEST_F(OAuthAppsTest, TheTenantIsThePolicysBeforeTheSettings) {
  settings.oauth_types["azure-devops"] = {.client_id = "id", .tenant = "mine.example"};
  EXPECT_EQ(server("azure-devops")->app.tenant, "mine.example");
  has_policy({.type = "azure-devops", .server_url = "", .client_id = "id", .tenant = "theirs.example"});
  const Result<OAuthServer> found = server("azure-devops");
  ASSERT_THAT(found, Succeeds());
  EXPECT_THAT(found->endpoints.token, AllOf(HasSubstr("/theirs.example/"), HasSubstr("/oauth2/v2.0/")));
}

}  // namespace
}  // namespace forgelink
