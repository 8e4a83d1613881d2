// SPDX-License-Identifier: MIT
#include "base/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

TEST(Url, AnOriginIsNormal) {
  const std::vector<std::pair<const char*, const char*>> origins = {
      {"https://Git.Example", "https://git.example"},
      {"HTTPS://git.example:443/a?b#c", "https://git.example"},
      {"https://git.example:8443/", "https://git.example:8443"},
      {"http://git.example:80", "http://git.example"},
      {"https://user:word@git.example/", "https://git.example"},
      {"https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443"},
      {"https://git.example:/", "https://git.example"},
      {"https://127.0.0.1.nip.example:8443/x", "https://127.0.0.1.nip.example:8443"},
      {"https://my_server/x", "https://my_server"},
  };
  for (const auto& [url, text] : origins) {
    const auto origin = origin_of(url);
    ASSERT_TRUE(origin) << url;
    EXPECT_EQ(origin->text(), text) << url;
    EXPECT_EQ(origin_of(origin->text()), origin) << url;
  }
  EXPECT_EQ(origin_of("https://git.example:8443")->authority(), "git.example:8443");
  EXPECT_NE(origin_of("https://git.example"), origin_of("http://git.example"));
}

TEST(Url, WhatIsNoAddressOfAServerHasNoOrigin) {
  for (const char* url :
       {"", "git.example", "/path", "//git.example", "ftp://git.example", "ssh://git.example", "https://",
        "https:///path", "https://git.example:99999", "https://git.example:0", "https://git.example:x",
        "https://git example", "https://git%2eexample", "https://b\xc3\xbc.example", "https://a\nb",
        "javascript:alert(1)"}) {
    EXPECT_FALSE(origin_of(url)) << url;
  }
}

TEST(Url, LoopbackIsKnownInItsForms) {
  for (const char* url : {"http://localhost", "http://127.0.0.1:80", "http://127.9.9.9", "http://[::1]:8080",
                          "http://[0:0:0:0:0:0:0:1]"})
    EXPECT_TRUE(origin_of(url)->is_loopback()) << url;
  for (const char* url : {"http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://10.0.0.1",
                          "http://[::2]", "http://128.0.0.1"})
    EXPECT_FALSE(origin_of(url)->is_loopback()) << url;
}

TEST(Url, EncodingLeavesOnlyWhatNeedsNone) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a/b c%\xc3\xbc?"), "a%2Fb%20c%25%C3%BC%3F");
  EXPECT_EQ(percent_decoded("a%2Fb%20c%25"), "a/b c%");
  EXPECT_FALSE(percent_decoded("%"));
  EXPECT_FALSE(percent_decoded("%2"));
  EXPECT_FALSE(percent_decoded("%zz"));
  EXPECT_EQ(with_query("https://x/y", {}), "https://x/y");
  EXPECT_EQ(with_query("https://x/y", {{"a b", "c&d"}, {"e", ""}}), "https://x/y?a%20b=c%26d&e=");
  EXPECT_EQ(with_query("https://x/y?z=1", {{"a", "b"}}), "https://x/y?z=1&a=b");
}

TEST(Url, AParameterTakesThePlaceOfTheOneThatWasThere) {
  EXPECT_EQ(with_parameter("https://h/p", "sha", "a b"), "https://h/p?sha=a%20b");
  EXPECT_EQ(with_parameter("https://h/p?page=2", "sha", "x"), "https://h/p?page=2&sha=x");
  EXPECT_EQ(with_parameter("https://h/p?sha=main&page=2&sha=y", "sha", "x"), "https://h/p?page=2&sha=x");
  EXPECT_EQ(with_parameter("https://h/p?sharp=1", "sha", "x"), "https://h/p?sharp=1&sha=x");
}

}  // namespace
}  // namespace forgelink
