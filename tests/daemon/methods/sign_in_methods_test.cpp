// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/oauth_app_list.hpp"
#include "daemon/methods/oauth_app_remove.hpp"
#include "daemon/methods/oauth_app_set.hpp"
#include "daemon/methods/sign_in_cancel.hpp"
#include "daemon/methods/sign_in_complete.hpp"
#include "daemon/methods/sign_in_start.hpp"
#include "daemon/methods/sign_in_wait.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

class SignInMethods : public testing::Test, public ServicesFixture {
 protected:
  // The app of GitHub, and what GitHub answers to a code that is right.
  void prepare() {
    ASSERT_THAT(
        call<OAuthAppSet>({{"type", "github"}, {"client_id", "app-id"}, {"client_secret", "app-secret"}}),
        Succeeds());
    forge.on("POST /login/device/code", 200,
             R"({"device_code":"dev-code","user_code":"ABCD-1234","verification_uri":")" + forge.url() +
                 R"(/login/device","expires_in":900,"interval":1})");
    forge.on("POST /login/oauth/access_token", 200,
             R"({"access_token":"gho_access","token_type":"bearer","scope":"repo"})");
    github_says(forge, "mona");
  }
  static std::string parameter(std::string_view url, const std::string& name) {
    const auto at = url.find(name + "=");
    if (at == std::string_view::npos) return "";
    const auto begin = at + name.size() + 1;
    return std::string(url.substr(begin, url.find('&', begin) - begin));
  }
  // The address that the browser ends at.
  static std::string back_with_code(const Reply& started) {
    return std::string(started->at("redirect_uri").as_string()) +
           "?code=the-code&state=" + parameter(started->at("authorize_url").as_string(), "state");
  }
  Reply start_browser(const char* name = "Work") {
    return call<SignInStart>({{"method", "browser"}, {"add", {{"name", name}}}});
  }
};

TEST_F(SignInMethods, APastedAddressMakesTheConnection) {
  prepare();
  const Reply started = start_browser();
  ASSERT_THAT(started, Succeeds());
  EXPECT_EQ(started->at("method"), "browser");
  const Reply done =
      call<SignInComplete>({{"sign_in", started->at("sign_in")}, {"redirect_url", back_with_code(started)}});
  ASSERT_THAT(done, Succeeds());
  EXPECT_EQ(done->at("state"), "completed");
  EXPECT_EQ(done->at("connection").at("name"), "Work");
  EXPECT_EQ(done->at("connection").at("sign_in"), "oauth");
  EXPECT_EQ(done->at("connection").at("account").at("login"), "mona");
  EXPECT_EQ(services.registry->size(), 1u);
}

TEST_F(SignInMethods, AnAddressOfAnotherSignInChangesNothing) {
  prepare();
  const Reply started = start_browser();
  const std::string strange = std::string(started->at("redirect_uri").as_string()) + "?code=c&state=strange";
  EXPECT_THAT(call<SignInComplete>({{"sign_in", started->at("sign_in")}, {"redirect_url", strange}}),
              FailsWith(Errc::invalid_params));
  EXPECT_EQ(call<SignInWait>({{"sign_in", started->at("sign_in")}, {"timeout", 0}})->at("state"), "pending");
  EXPECT_EQ(forge.count("access_token"), 0u);
}

TEST_F(SignInMethods, ACancelledSignInEndsForWhoeverWaits) {
  prepare();
  const Reply started = start_browser();
  const auto waiting = begin<SignInWait>({{"sign_in", started->at("sign_in")}});
  loop.context().poll();
  EXPECT_EQ(call<SignInCancel>({{"sign_in", started->at("sign_in")}})->at("state"), "cancelled");
  ASSERT_TRUE(run_until([&] { return waiting->has_value(); }));
  EXPECT_THAT(**waiting, FailsWith(Errc::sign_in_cancelled));
}

TEST_F(SignInMethods, ACompletedSignInCannotBeCancelled) {
  prepare();
  const Reply started = start_browser();
  ASSERT_THAT(
      call<SignInComplete>({{"sign_in", started->at("sign_in")}, {"redirect_url", back_with_code(started)}}),
      Succeeds());
  EXPECT_EQ(call<SignInCancel>({{"sign_in", started->at("sign_in")}})->at("state"), "completed");
  EXPECT_EQ(services.registry->size(), 1u);
}

TEST_F(SignInMethods, ADeviceCodeIsShownAndPending) {
  prepare();
  const Reply started = call<SignInStart>({{"method", "device"}, {"add", {{"name", "Work"}}}});
  ASSERT_THAT(started, Succeeds());
  EXPECT_EQ(started->at("user_code"), "ABCD-1234");
  EXPECT_EQ(started->at("verification_uri"), as_json(forge.url() + "/login/device"));
  EXPECT_EQ(started->at("interval"), 1);
  EXPECT_FALSE(started->contains("authorize_url"));
  EXPECT_EQ(call<SignInWait>({{"sign_in", started->at("sign_in")}, {"timeout", 0}})->at("state"), "pending");
}

TEST_F(SignInMethods, TheDefaultsOfANewConnectionAreThoseOfTheSettings) {
  prepare();
  services.settings.retention = Retention::session;
  const Reply started = start_browser();
  const Reply done =
      call<SignInComplete>({{"sign_in", started->at("sign_in")}, {"redirect_url", back_with_code(started)}});
  ASSERT_THAT(done, Succeeds());
  EXPECT_EQ(done->at("connection").at("type"), "github");
  EXPECT_EQ(done->at("connection").at("retention"), "session");
}

TEST_F(SignInMethods, WithoutAnAppThePageThatMakesOneIsNamed) {
  const Reply reply = start_browser();
  ASSERT_THAT(reply, FailsWith(Errc::oauth_app_missing));
  EXPECT_THAT(reply.error().url, testing::HasSubstr("/settings/applications/new"));
  EXPECT_THAT(reply.error().hint, testing::HasSubstr("forgelink oauth-app set github"));
}

TEST_F(SignInMethods, AppsAreListedWithTheirOriginAndRemoved) {
  services.settings.oauth_types["gitlab"].client_id = "from-settings";
  const Reply set = call<OAuthAppSet>(
      {{"type", "forgejo"}, {"client_id", "id"}, {"server_url", "https://GIT.example:443/"}});
  ASSERT_THAT(set, Succeeds());
  EXPECT_EQ(set->at("server_url"), "https://git.example") << "in its normal form";
  EXPECT_EQ(set->at("has_secret"), false);
  std::vector<std::string> seen;
  const Reply all = call<OAuthAppList>();
  for (const auto& app : all->at("apps").as_array())
    seen.push_back(std::string(app.at("type").as_string()) + " " + std::string(app.at("from").as_string()));
  EXPECT_THAT(seen, testing::IsSupersetOf({"forgejo stored", "gitlab settings"}));
  const boost::json::object where{{"type", "forgejo"}, {"server_url", "https://git.example"}};
  ASSERT_THAT(call<OAuthAppRemove>(where), Succeeds());
  EXPECT_THAT(call<OAuthAppRemove>(where), FailsWith(Errc::not_found));
}

TEST_F(SignInMethods, ASecretIsKeptWithItsClientIdAndNeverShown) {
  prepare();
  const Reply again = call<OAuthAppSet>({{"type", "github"}, {"client_id", "app-id"}});
  EXPECT_EQ(again->at("has_secret"), true);
  EXPECT_EQ(boost::json::serialize(*call<OAuthAppList>()).find("app-secret"), std::string::npos);
  const Reply other = call<OAuthAppSet>({{"type", "github"}, {"client_id", "other-id"}});
  EXPECT_EQ(other->at("has_secret"), false);
}

}  // namespace
}  // namespace forgelink
