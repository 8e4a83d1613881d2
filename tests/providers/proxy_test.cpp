// SPDX-License-Identifier: MIT
#include "providers/http/proxy.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/results.hpp"

namespace forgelink::http {
namespace {

TEST(Proxy, NoProxyNamesHostsSuffixesAddressesAndBlocks) {
  const auto exempt = [](const char* url, const char* list) { return is_exempt(*origin_of(url), list); };
  EXPECT_TRUE(exempt("https://git.example", "other, git.example"));
  EXPECT_TRUE(exempt("https://a.git.example", ".git.example"));
  EXPECT_TRUE(exempt("https://a.git.example", "git.example"));
  EXPECT_FALSE(exempt("https://evilgit.example", "git.example"));
  EXPECT_TRUE(exempt("https://10.1.2.3", "10.0.0.0/8"));
  EXPECT_FALSE(exempt("https://11.1.2.3", "10.0.0.0/8"));
  EXPECT_TRUE(exempt("https://[::1]", "::1"));
  EXPECT_TRUE(exempt("https://git.example:8443", "git.example:8443"));
  EXPECT_FALSE(exempt("https://git.example", "git.example:8443"));
  EXPECT_TRUE(exempt("https://anything", "*"));
  EXPECT_FALSE(exempt("https://anything", ""));
  EXPECT_TRUE(exempt("https://git.example", "GIT.Example"));
  EXPECT_TRUE(exempt("https://a.git.example", "*.git.example"));
  EXPECT_TRUE(exempt("https://git.example", "git.example."));
  EXPECT_TRUE(exempt("https://git.example", "other\tgit.example"));
  EXPECT_TRUE(exempt("https://git.example:8443", ".git.example:8443"));
  EXPECT_TRUE(exempt("https://[fd00::7]:8443", "[fd00::7]:8443"));
  EXPECT_FALSE(exempt("https://[fd00::7]", "[fd00::7]:8443"));
  EXPECT_TRUE(exempt("https://[fd00::7]", "[fd00::7]"));
  EXPECT_TRUE(exempt("https://[fd00::7]", "fd00::/8"));
  EXPECT_FALSE(exempt("https://[fe00::7]", "fd00::/8"));
  EXPECT_FALSE(exempt("https://git.example", ".,,:, ."));
}

TEST(Proxy, TheSettingComesBeforeTheEnvironmentAndCredentialsAreKeptApart) {
  setenv("https_proxy", "http://env:1", 1);
  unsetenv("no_proxy");
  unsetenv("NO_PROXY");
  const Origin origin = *origin_of("https://git.example");
  EXPECT_EQ((*proxy_for(origin, ""))->host, "env");
  const auto named = proxy_for(origin, "http://user:p%40ss@proxy.example:3128");
  ASSERT_THAT(named, Succeeds());
  EXPECT_EQ((*named)->host, "proxy.example");
  EXPECT_EQ((*named)->port, 3128u);
  EXPECT_EQ((*named)->credentials->reveal(), "dXNlcjpwQHNz");
  EXPECT_THAT(proxy_for(origin, "socks5://x"), FailsWith(Errc::proxy_failed));
  setenv("NO_PROXY", "git.example", 1);
  EXPECT_FALSE((*proxy_for(origin, "")).has_value());
  unsetenv("https_proxy");
  unsetenv("NO_PROXY");
}

}  // namespace
}  // namespace forgelink::http
