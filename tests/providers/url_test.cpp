#include "providers/url.hpp"

#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

TEST(Url, OriginsAreComparedInTheirNormalForm) {
  EXPECT_EQ(origin_of("https://GitHub.com:443/a")->text(), "https://github.com");
  EXPECT_EQ(origin_of("http://h:8080")->authority(), "h:8080");
  EXPECT_EQ(origin_of("https://[::1]:8443/")->text(), "https://[::1]:8443");
  EXPECT_NE(origin_of("https://a"), origin_of("http://a"));
  for (const char* text : {"", "github.com", "ftp://a", "https://", "https:///a", "//a", "https://a:99999", "https://a b", "javascript:alert(1)"}) EXPECT_FALSE(origin_of(text)) << text;
}

TEST(Url, ANameThatBeginsLikeAnAddressIsAName) {
  EXPECT_EQ(origin_of("https://10.0.0.1.nip.io:8443/x")->text(), "https://10.0.0.1.nip.io:8443");
  EXPECT_EQ(*normal_server_url("https://10.0.0.1.nip.io/lab/", false), "https://10.0.0.1.nip.io/lab");
}

TEST(Url, LoopbackIsTheMachineItself) {
  for (const char* url : {"http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]", "http://localhost:3"}) EXPECT_TRUE(origin_of(url)->is_loopback()) << url;
  for (const char* url : {"http://127.0.0.1.evil", "http://128.0.0.1", "http://localhost.evil"}) EXPECT_FALSE(origin_of(url)->is_loopback()) << url;
}

TEST(Url, AServerIsTakenAsPeopleTypeIt) {
  const std::pair<const char*, const char*> cases[] = {{"git.example", "https://git.example"},
                                                       {"HTTPS://Git.Example:443/", "https://git.example"},
                                                       {"https://host/sub/path//", "https://host/sub/path"},
                                                       {"https://host:8443/tfs/Collection", "https://host:8443/tfs/Collection"},
                                                       {"http://127.0.0.1:80/x", "http://127.0.0.1/x"}};
  for (const auto& [typed, normal] : cases) EXPECT_EQ(*normal_server_url(typed, false), normal);
  EXPECT_EQ(*normal_server_url("http://git.example", true), "http://git.example");
}

TEST(Url, WhatIsNoServerIsRefusedByItsKind) {
  for (const char* typed : {"", "https://", "http://git.example", "https://user:pw@host", "https://host?x=1", "https://host#x", "https://host/../x", "ftp://host", "https://ho st"}) {
    EXPECT_THAT(normal_server_url(typed, false), FailsWith(Errc::invalid_params)) << typed;
  }
  for (const char* typed : {"https://host/scm/proj/repo.git", "https://host/bitbucket/scm/~me/r.git", "https://host/projects/KEY/repos/slug", "https://host:7990", "ssh://git@host:7999/p/r.git",
                            "https://host/users/me/repos/x/browse", "https://host/rest/api/1.0/projects"}) {
    EXPECT_THAT(normal_server_url(typed, false), FailsWith(Errc::bitbucket_on_premise_unsupported)) << typed;
  }
}

TEST(Url, PercentEncodingGoesThereAndBack) {
  EXPECT_EQ(percent_encoded("a/b c&ü"), "a%2Fb%20c%26%C3%BC");
  EXPECT_EQ(percent_decoded("a%2Fb%20c"), "a/b c");
  EXPECT_FALSE(percent_decoded("%zz"));
  EXPECT_EQ(with_query("https://h/p", {{"a b", "c&d"}, {"e", ""}}), "https://h/p?a%20b=c%26d&e=");
}

}  // namespace
}  // namespace forgelink
