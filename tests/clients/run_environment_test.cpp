// SPDX-License-Identifier: MIT
#include "clients/cli/run_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/cli/api_fields.hpp"

namespace forgelink::cli {
namespace {

namespace json = boost::json;

Front front(const char* client_host = "api.github.com", const char* root = "https://github.com") {
  Front opened{
      .socket = "/run/s", .placeholder = "P", .header = "X-Front", .host = "github.com", .port = 4567};
  opened.secret.secret = Secret("S");
  opened.git_roots = {root};
  if (client_host != nullptr) opened.client_host = client_host;
  return opened;
}

TEST(RunEnvironment, TheWaysToTheDaemonAndOtherTokensAreTakenOut) {
  const Environment made = environment_for({{"FORGELINK_SOCKET", "x"},
                                            {"XDG_RUNTIME_DIR", "x"},
                                            {"DBUS_SESSION_BUS_ADDRESS", "x"},
                                            {"GITHUB_TOKEN", "x"},
                                            {"HOME", "/h"}},
                                           front(), "/f", "");
  for (const char* name : {"FORGELINK_SOCKET", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "GITHUB_TOKEN"})
    EXPECT_FALSE(made.contains(name)) << name;
  EXPECT_EQ(made.at("HOME"), "/h");
}

TEST(RunEnvironment, GitFindsTheFrontBehindItsRemotes) {
  const Environment made = environment_for({}, front(), "/f", "");
  EXPECT_EQ(made.at("GIT_CONFIG_KEY_0"), "url.http://127.0.0.1:4567/github.com/.insteadOf");
  EXPECT_EQ(made.at("GIT_CONFIG_VALUE_0"), "https://github.com/");
  EXPECT_EQ(made.at("GIT_CONFIG_KEY_1"), "http.http://127.0.0.1:4567/.extraHeader");
  EXPECT_EQ(made.at("GIT_CONFIG_VALUE_1"), "X-Front: S");
}

TEST(RunEnvironment, TheCallersOwnGitSettingsStay) {
  const Environment made =
      environment_for({{"GIT_CONFIG_COUNT", "1"}, {"GIT_CONFIG_KEY_0", "a.b"}, {"GIT_CONFIG_VALUE_0", "c"}},
                      front(), "/f", "");
  EXPECT_EQ(made.at("GIT_CONFIG_KEY_0"), "a.b");
  EXPECT_EQ(made.at("GIT_CONFIG_KEY_1"), "url.http://127.0.0.1:4567/github.com/.insteadOf");
  EXPECT_EQ(made.at("GIT_CONFIG_COUNT"), "6");
}

TEST(RunEnvironment, GhGetsARepositoryAndForAServerItsHost) {
  EXPECT_EQ(environment_for({}, front(), "/f", "o/r").at("GH_REPO"), "o/r");
  EXPECT_FALSE(environment_for({}, front(), "/f", "o/r").contains("GH_HOST"));
  EXPECT_EQ(environment_for({}, front(nullptr), "/f", "o/r").at("GH_REPO"), "github.com/o/r");
  EXPECT_EQ(environment_for({}, front(nullptr), "/f", "o/r").at("GH_HOST"), "github.com");
}

TEST(RunEnvironment, TheRepositoryIsThatOfTheFirstRemoteOfTheForge) {
  EXPECT_EQ(repository_of_remotes(
                front(), {"git@github.com:a/b.git", "https://github.com/o/r.git", "https://github.com/x/y"}),
            "o/r");
  EXPECT_EQ(repository_of_remotes(front(), {"https://gitlab.com/o/r.git", "https://github.com.evil/o/r"}),
            "");
}

TEST(ApiFields, AreTextsOrWhatTheyLookLike) {
  json::object fields;
  EXPECT_FALSE(add_field(fields, "a=1", false));
  EXPECT_FALSE(add_field(fields, "b=1", true));
  EXPECT_FALSE(add_field(fields, "c=true", true));
  EXPECT_FALSE(add_field(fields, "d=null", true));
  EXPECT_FALSE(add_field(fields, "e=x=y", true));
  EXPECT_EQ(json::value(fields), json::parse(R"({"a": "1", "b": 1, "c": true, "d": null, "e": "x=y"})"));
}

TEST(ApiFields, NestAsTheirKeysSay) {
  json::object fields;
  EXPECT_FALSE(add_field(fields, "a[b][c]=1", false));
  EXPECT_FALSE(add_field(fields, "a[d]=2", false));
  EXPECT_FALSE(add_field(fields, "l[]=x", false));
  EXPECT_FALSE(add_field(fields, "l[]=y", false));
  EXPECT_EQ(json::value(fields), json::parse(R"({"a": {"b": {"c": "1"}, "d": "2"}, "l": ["x", "y"]})"));
}

TEST(ApiFields, AMistakeIsSaid) {
  json::object fields;
  EXPECT_TRUE(add_field(fields, "a", false));
  EXPECT_TRUE(add_field(fields, "=b", false));
  EXPECT_TRUE(add_field(fields, "a[b=c", false));
  EXPECT_TRUE(add_field(fields, "a=@/nowhere/at/all", true));
}

}  // namespace
}  // namespace forgelink::cli
