// SPDX-License-Identifier: MIT
#include "providers/http/proxy.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "providers/http/basic.hpp"
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

struct Reading {
  const char *text, *host;
  unsigned port;
  const char* login;  // "" without
};

class ProxyAddress : public testing::TestWithParam<Reading> {};

TEST_P(ProxyAddress, IsReadAsCurlReadsIt) {
  const Reading& wanted = GetParam();
  const auto proxy = parse_proxy(wanted.text);
  ASSERT_THAT(proxy, Succeeds());
  EXPECT_EQ(proxy->host, wanted.host);
  EXPECT_EQ(proxy->port, wanted.port);
  EXPECT_EQ(proxy->credentials ? proxy->credentials->reveal() : "", base64(wanted.login).reveal());
}

INSTANTIATE_TEST_SUITE_P(
    All, ProxyAddress,
    testing::Values(
        Reading{"http://proxy.example:3128", "proxy.example", 3128, ""},
        Reading{"proxy.example:3128/", "proxy.example", 3128, ""},
        Reading{"http://proxy.example", "proxy.example", 1080, ""},
        Reading{"http://[::1]:8080", "::1", 8080, ""},
        Reading{"http://CORP\\user:pw@proxy.example:8080", "proxy.example", 8080, "CORP\\user:pw"},
        Reading{"http://me@corp.example:pw@proxy.example:8080", "proxy.example", 8080, "me@corp.example:pw"},
        Reading{"http://me:p%40ss@proxy.example:8080", "proxy.example", 8080, "me:p@ss"},
        Reading{"http://me:100%@proxy.example:8080", "proxy.example", 8080, "me:100%"},
        Reading{"HTTP://me@Proxy.Example:8080", "proxy.example", 8080, "me:"}));

TEST(Proxy, SocksIsNamedAsNotSupported) {
  for (const char* scheme : {"socks4", "socks4a", "socks5", "socks5h", "SOCKS5"}) {
    const auto proxy = parse_proxy(std::string(scheme) + "://proxy.example:1080");
    ASSERT_THAT(proxy, FailsWith(Errc::proxy_failed)) << scheme;
    EXPECT_NE(proxy.error().message.find("SOCKS"), std::string::npos) << scheme;
  }
}

TEST(Proxy, WhatIsNoAddressIsRefused) {
  for (const char* text : {"", "http://", "ftp://x", "http://host:port", "http://a b"})
    EXPECT_THAT(parse_proxy(text), FailsWith(Errc::proxy_failed)) << text;
}

TEST(Proxy, TheOwnHostIsNeverProxied) {
  for (const char* url :
       {"http://127.0.0.1:8080", "http://127.9.9.9", "http://localhost", "https://localhost:1",
        "http://git.localhost", "http://localhost.", "http://[::1]", "http://[::ffff:127.0.0.1]"}) {
    const auto proxy = proxy_for(*origin_of(url), "http://proxy.example:3128");
    ASSERT_THAT(proxy, Succeeds()) << url;
    EXPECT_FALSE(proxy->has_value()) << url;
  }
}

}  // namespace
}  // namespace forgelink::http
