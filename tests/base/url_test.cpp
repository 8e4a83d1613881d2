// SPDX-License-Identifier: MIT
#include "base/url.hpp"
#include "providers/server_url.hpp"

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

TEST(Url, AServersAddressIsTakenAsPeopleTypeIt) {
  const std::vector<std::pair<const char*, const char*>> typed = {
      {"git.example", "https://git.example"},
      {"  https://Git.Example/ \n", "https://git.example"},
      {"git.example:8443/Sub/Path/", "https://git.example:8443/Sub/Path"},
      {"https://git.example:443//sub///path//", "https://git.example/sub/path"},
      {"https://git.example./x", "https://git.example/x"},
      {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"},
      {"http://localhost", "http://localhost"},
      {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example"},
      {"https://10.0.0.1.nip.io/lab/", "https://10.0.0.1.nip.io/lab"},
      {"https://server/tfs/My%20Collection", "https://server/tfs/My%20Collection"},
      {"https://[::1]:8443", "https://[::1]:8443"},
      {"https://server/tfs/My Collection", "https://server/tfs/My%20Collection"},
      {"https://server/tfs/B\xc3\xbc" "cher", "https://server/tfs/B%C3%BCcher"},
  };
  for (const auto& [text, normal] : typed) {
    const auto url = normal_server_url(text, false);
    ASSERT_THAT(url, Succeeds()) << text;
    EXPECT_EQ(*url, normal) << text;
    EXPECT_EQ(*normal_server_url(*url, false), normal) << "a normal address stays as it is";
  }
}

TEST(Url, AServersAddressThatCannotBeIsRefused) {
  for (const char* text :
       {"", " ", "https://", "ftp://git.example", "file:///etc/passwd", "https://user:word@git.example",
        "https://git.example/?x=1", "https://git.example/#x", "https://git.example/../x",
        "https://git.example/%2e%2e/x", "https://git.example/a%2fb", "https://git.example/a%0ab",
        "https://git.example/%zz", "https://b\xc3\xbc.example", "https://git exa.example",
        "https://git.example:99999", "https://.", "javascript:alert(1)", "http:git.example"}) {
    const auto url = normal_server_url(text, true);
    ASSERT_THAT(url, FailsWith(Errc::invalid_params)) << text;
    EXPECT_EQ(url.error().field, "server_url") << text;
  }
}

TEST(Url, PlainHttpWantsAYes) {
  EXPECT_THAT(normal_server_url("http://git.example", false), FailsWith(Errc::invalid_params));
  EXPECT_EQ(*normal_server_url("http://git.example:80/x/", true), "http://git.example/x");
  EXPECT_THAT(normal_server_url("http://127.0.0.1.evil.example", false), FailsWith(Errc::invalid_params));
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
