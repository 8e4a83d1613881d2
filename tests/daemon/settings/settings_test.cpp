// SPDX-License-Identifier: MIT
#include "daemon/settings/settings.hpp"
#include "daemon/settings/settings_example.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/private_home.hpp"

namespace forgelink {
namespace {

TEST(Settings, AllOfThemAreRead) {
  const Settings s = parse_settings(R"(
[daemon]
log_level = "debug"
idle_exit = "5min"
[secrets]
store = "memory"
cache = "0s"
[session]
retention = "session"
[notifications]
enabled = false
expiry_days = [1, 30]
[network]
proxy = "http://p:1"
timeout = "500ms"
[oauth.github]
client_id = "id"
[endpoints.github]
web = "http://127.0.0.1:1/"
api = "http://127.0.0.1:1/api"
[endpoints.azure-devops]
root = "https://x"
)",
                                    "f");
  EXPECT_EQ(s.log_level, "debug");
  EXPECT_EQ(s.idle_exit, std::chrono::minutes(5));
  EXPECT_EQ(s.store, StoreChoice::memory);
  EXPECT_EQ(s.cache.count(), 0);
  EXPECT_EQ(s.retention, Retention::session);
  EXPECT_FALSE(s.notifications);
  EXPECT_THAT(s.expiry_days, testing::ElementsAre(30, 1));
  EXPECT_EQ(s.timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(s.oauth_types.at("github").client_id, "id");
  EXPECT_EQ(s.endpoints.of("github", "web"), "http://127.0.0.1:1");
  EXPECT_EQ(s.endpoints.of("azure-devops", "root"), "https://x");
}

TEST(Settings, AMistakeIsNamedWithItsLineItsKeyAndWhatWouldBeRight) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"[secrets]\nstorre = \"auto\"", "f:2: `secrets.storre` is not a setting", "store, cache"},
      {"[notifications]\nenabled = ü", "f:2", "outside quotes"},
      {"# ü\n[\"ü\"]\nx = 'ü'\n[ώ]", "f:4", "outside quotes"},
      {"x = \"\"\"ü\n\\\"\"\"\"\nü=", "f:3", "outside quotes"},
      {"x = 1\"ü\"", "f:1", "not TOML"},
      {"x = \"\"\"a\"\"\"\"\nü", "f:2", "outside quotes"},
      {"x = 'ü", "f:1", "not TOML"},
      {"[!]", "f:1", "not TOML"},
      {"[ü", "f:1", "outside quotes"},
      {"[\"ü\"]", "`ü` is not a setting", ""},
      {"[secret]\nstore = \"auto\"", "`secret` is not a setting", "[secrets]"},
      {"[secrets]\nstore = \"file\"", "f:2: `secrets.store` must be one of", "\"secret-service\""},
      {"[secrets]\n\ncache = 10", "f:3: `secrets.cache` must be a time", "10min"},
      {"[daemon]\nidle_exit = \"soon\"", "daemon.idle_exit", "30s"},
      {"[notifications]\nexpiry_days = [0]", "expiry_days", "1 to 366"},
      {"[notifications]\nenabled = \"yes\"", "enabled", "true or false"},
      {"[network]\nproxy = \"ftp://proxy\"", "f:2: `network.proxy` must be", "http://proxy.example:3128"},
      {"[network]\nproxy = \"no address\"", "f:2: `network.proxy` must be", "http://proxy.example:3128"},
      {"[network]\nproxy = 3128", "f:2: `network.proxy` must be", "http://proxy.example:3128"},
      {"[network]\nca_file = \"/no/such/file\"", "ca_file", "cannot be read"},
      {"[endpoints.github]\napi = \"http://api.example\"", "endpoints.github.api", "https://"},
      {"[oauth.azure-devops]\ntenant = \"a/../b?x\"", "oauth.azure-devops.tenant", "letters, digits"},
      {"[[oauth.server]]\nurll = \"\"", "f:2: `oauth.server.urll` is not", "url, client_id"},
      {"[[network.client_certificate]]\nkeys = \"\"", "f:2: `network.client_certificate.keys` is not", "key"},
      {"daemon = 3", "`daemon`", "section"},
      {"[daemon\n", "f:1", "not TOML"}};
  for (const auto& [text, where, right] : cases) {
    try {
      parse_settings(text, "f");
      ADD_FAILURE() << text;
    } catch (const SettingsError& error) {
      EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr(where), testing::HasSubstr(right))) << text;
    }
  }
}

TEST(Settings, ZeroNeedsNoUnitAndAProxyNoScheme) {
  const Settings s = parse_settings(
      "[daemon]\nidle_exit = 0\n[secrets]\ncache = \"0\"\n[network]\nproxy = \"u:p@proxy.example:3128\"",
      "f");
  EXPECT_EQ(s.idle_exit, std::chrono::seconds(0));
  EXPECT_EQ(s.cache, std::chrono::seconds(0));
  EXPECT_EQ(s.proxy, "u:p@proxy.example:3128");
}

TEST(Settings, AFolderIsNoSettingsFile) {
  EXPECT_THROW(read_settings(std::filesystem::temp_directory_path(), true), SettingsError);
  EXPECT_THROW(read_settings(std::filesystem::temp_directory_path(), false), SettingsError);
}

TEST(Settings, AFileThatEveryUserMayWriteIsRefused) {
  const PrivateHome home;
  const std::filesystem::path file = home.folder() / "config.toml";
  std::ofstream(file) << "[daemon]\nlog_level = \"debug\"\n";
  using std::filesystem::perms;
  std::filesystem::permissions(file, perms::owner_all | perms::group_all);
  EXPECT_EQ(read_settings(file, true).log_level, "debug");
  std::filesystem::permissions(file, perms::others_write, std::filesystem::perm_options::add);
  EXPECT_THROW(read_settings(file, true), SettingsError);
}

TEST(Settings, TheExampleHasAllOfThemWithTheirDefaults) {
  EXPECT_EQ(parse_settings(settings_example, "example"), Settings());
  for (const std::string& name : setting_names()) {
    const auto dot = name.rfind('.');
    EXPECT_THAT(settings_example,
                testing::ContainsRegex("\\[" + name.substr(0, dot) + "\\][^][]*(\\[14[^]]*\\][^][]*)?\n" +
                                       name.substr(dot + 1) + " = "))
        << name;
  }
}

}  // namespace
}  // namespace forgelink
