// SPDX-License-Identifier: MIT
#include "daemon/settings/policy_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace forgelink::policy_file_tests {
namespace {

using testing::HasSubstr;

// What reading it says; "" if it is read.
template <class Read>
std::string refusal_by(const Read& read) {
  try {
    static_cast<void>(read());
    return "";
  } catch (const SettingsError& error) {
    return error.what();
  }
}

std::string refusal(std::string_view text) {
  return refusal_by([&] { return parse_policy(text, "policy.toml"); });
}

struct Wrong {
  const char *text, *place, *why;
};
class WrongPolicy : public testing::TestWithParam<Wrong> {};

TEST_P(WrongPolicy, IsRefusedWithItsLine) {
  EXPECT_THAT(refusal(GetParam().text), HasSubstr(GetParam().place));
  EXPECT_THAT(refusal(GetParam().text), HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongPolicy,
    testing::Values(Wrong{"pat = true\nalowed_types = []", "policy.toml:2:", "alowed_types"},
                    Wrong{"allowed_types = [\"gitea\"]", "policy.toml:1:", "no type"},
                    Wrong{"allowed_types = \"github\"", "policy.toml:1:", "list"},
                    Wrong{"allowed_hosts = [\"*.example\"]", "policy.toml:1:", "whole host names"},
                    Wrong{"allowed_hosts = [\"https://git.example\"]", "policy.toml:1:", "whole host names"},
                    Wrong{"allowed_hosts = [\"git.example/x\"]", "policy.toml:1:", "whole host names"},
                    Wrong{"pat = \"no\"", "policy.toml:1:", "true or false"},
                    Wrong{"longest_lifetime = \"30\"", "policy.toml:1:", "unit"},
                    Wrong{"longest_lifetime = 30", "policy.toml:1:", "quotes"},
                    Wrong{"retention = \"keep\"", "policy.toml:1:", "session"},
                    Wrong{"access = \"allow\"", "policy.toml:1:", "ask"},
                    Wrong{"[policy]\npat = false", "policy.toml:1:", "policy"},
                    Wrong{"[oauth.github]\nclient_secret = \"x\"", "policy.toml:1:", "client_id"},
                    Wrong{"[oauth.github]\nclient_id = \"a\"\nsecret = \"x\"", "policy.toml:3:", "secret"},
                    Wrong{"[oauth.gitea]\nclient_id = \"a\"", "policy.toml:1:", "oauth.gitea"},
                    Wrong{"[[oauth.server]]\nclient_id = \"a\"", "policy.toml:1:", "url"},
                    Wrong{"[[oauth.server]]\nurl = \"ftp://x\"\nclient_id = \"a\"",
                          "policy.toml:2:", "address"},
                    Wrong{"pat = ", "policy.toml:1:", "not TOML"},
                    Wrong{"\xc3\xbc = 1", "policy.toml:1:", "not TOML"}));

TEST(PolicyFile, AllKeysAreRead) {
  const Policy policy = parse_policy(
      "contact = \"B\xc3\xbcro 7\"\nallowed_types = [\"github\"]\nallowed_hosts = [\"github.com\", "
      "\"git.example:443\"]\n"
      "pat = false\nlongest_lifetime = \"12h\"\nretention = \"session\"\naccess = \"ask\"\n"
      "[oauth.bitbucket]\nclient_id = \"key\"\nredirect_port = 33418\n[oauth.azure-devops]\nclient_id = "
      "\"id\"\n"
      "tenant = \"example.onmicrosoft.com\"\n[[oauth.server]]\nurl = \"https://git.example\"\nclient_id = "
      "\"x\"\n",
      "policy.toml");
  EXPECT_EQ(policy.contact, "B\xc3\xbcro 7");
  EXPECT_EQ(policy.allowed_hosts, (std::vector<std::string>{"github.com", "git.example:443"}));
  EXPECT_EQ(policy.longest_lifetime, std::chrono::hours(12));
  EXPECT_FALSE(policy.pat);
  EXPECT_TRUE(policy.ask);
  EXPECT_EQ(policy.apps.size(), 3u);
  EXPECT_EQ(policy.app("bitbucket", std::nullopt)->redirect_port, 33418);
  EXPECT_EQ(policy.app("azure-devops", std::nullopt)->tenant, "example.onmicrosoft.com");
}

// A folder of this test's own, with a policy that allows everything.
class PolicyFolder : public testing::Test {
 protected:
  PolicyFolder() {
    char name[] = "/tmp/fl-policy-XXXXXX";
    folder_ = mkdtemp(name);
    std::ofstream(file()) << "pat = true\n";
    chmod(folder_.c_str(), 0755);
    chmod(file().c_str(), 0644);
  }
  ~PolicyFolder() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file() const { return folder_ / "policy.toml"; }
  std::string refused(unsigned owner = geteuid()) const {
    return refusal_by([&] { return read_policy(folder_, owner); });
  }

  std::filesystem::path folder_;
};

TEST_F(PolicyFolder, IsReadWhereOnlyItsOwnerCanWrite) {
  EXPECT_EQ(refused(), "");
  EXPECT_TRUE(read_policy(folder_, geteuid()).exists());
}

TEST_F(PolicyFolder, NothingThereIsNoPolicy) {
  std::filesystem::remove(file());
  EXPECT_FALSE(read_policy(folder_, geteuid()).exists());
  EXPECT_FALSE(read_policy(folder_ / "not-there", geteuid()).exists());
}

TEST_F(PolicyFolder, AnothersIsRefused) { EXPECT_THAT(refused(geteuid() + 1), HasSubstr("another's")); }

TEST_F(PolicyFolder, AFileThatOthersCanWriteIsRefused) {
  chmod(file().c_str(), 0646);
  EXPECT_THAT(refused(), HasSubstr("can write"));
}

TEST_F(PolicyFolder, AFolderThatTheGroupCanWriteIsRefused) {
  chmod(folder_.c_str(), 0775);
  EXPECT_THAT(refused(), HasSubstr("can write"));
}

TEST_F(PolicyFolder, ASymbolicLinkIsRefused) {
  std::filesystem::rename(file(), folder_ / "real.toml");
  std::filesystem::create_symlink("real.toml", file());
  EXPECT_THAT(refused(), HasSubstr("symbolic link"));
}

TEST_F(PolicyFolder, AFolderThatIsASymbolicLinkIsRefused) {
  const std::filesystem::path link = folder_.string() + "-link";
  std::filesystem::create_directory_symlink(folder_, link);
  EXPECT_THAT(refusal_by([&] { return read_policy(link, geteuid()); }), HasSubstr("symbolic link"));
  std::filesystem::remove(link);
}

TEST_F(PolicyFolder, AFifoIsRefused) {
  std::filesystem::remove(file());
  ASSERT_EQ(mkfifo(file().c_str(), 0644), 0);
  EXPECT_THAT(refused(), HasSubstr("no regular file"));
}

}  // namespace
}  // namespace forgelink::policy_file_tests
