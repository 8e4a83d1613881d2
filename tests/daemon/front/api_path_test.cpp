// SPDX-License-Identifier: MIT
#include "daemon/front/api_path.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/front/api_requests.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

class BadPath : public testing::TestWithParam<const char*> {};

TEST_P(BadPath, IsInvalid) {
  const auto path = parse_api_path(GetParam());
  ASSERT_THAT(path, FailsWith(Errc::invalid_params));
  EXPECT_EQ(path.error().field, "path");
}

INSTANTIATE_TEST_SUITE_P(All, BadPath,
                         testing::Values("/..", "../admin", "/repos/../../x", "/a/./b", "/%2e%2e/x",
                                         "/a/%2E%2E%2Fb", "/a%2f..%2fb", "/..%2f", "/%252e%252e/x",
                                         "/a%252fb", "/a%5c..%5cb", "/a\\b", "//evil.example/x",
                                         "https://evil.example/x", "/https://evil.example", "/a//b", "/..;/x",
                                         "/..;a=b/x", "/a b", "/a\r\nHost: x", "/a%0d%0ax", "/a%00b", "/a#b",
                                         "/a?b#c", "/%zz", "/%2", "/\xc3\xa9"));

TEST(ApiPath, MayLackItsFirstSlashAndHoldAQuery) {
  const auto path = parse_api_path("user/repos?per_page=2&q=a%20b");
  ASSERT_THAT(path, Succeeds());
  EXPECT_EQ(path->text, "/user/repos");
  EXPECT_EQ(path->query, "per_page=2&q=a%20b");
  EXPECT_THAT(path->segments, testing::ElementsAre("user", "repos"));
}

TEST(ApiPath, AnEncodedSlashStaysInItsSegment) {
  const auto path = parse_api_path("/projects/group%2Fsub%2Fproject/issues");
  ASSERT_THAT(path, Succeeds());
  EXPECT_THAT(path->segments, testing::ElementsAre("projects", "group/sub/project", "issues"));
}

TEST(ApiPath, NothingIsTheRoot) {
  for (const char* root : {"", "/"}) {
    ASSERT_THAT(parse_api_path(root), Succeeds());
    EXPECT_EQ(parse_api_path(root)->text, "");
  }
}

TEST(ApiPath, DotsInsideNamesAreNames) {
  EXPECT_THAT(parse_api_path("/repos/o/.github/contents/..hidden/a...b"), Succeeds());
}

TEST(Below, IsByWholeSegments) {
  EXPECT_EQ(below("/api/v4/user", "/api/v4"), "/user");
  EXPECT_EQ(below("/api/v4", "/api/v4"), "");
  EXPECT_FALSE(below("/api/v40/user", "/api/v4"));
  EXPECT_FALSE(below("/x", "/api/v4"));
}

class OwnHeader : public testing::TestWithParam<const char*> {};

TEST_P(OwnHeader, CannotBeSet) {
  EXPECT_THAT(check_client_header(GetParam(), "x"), FailsWith(Errc::invalid_params));
}

INSTANTIATE_TEST_SUITE_P(All, OwnHeader,
                         testing::Values("Authorization", "authorization", "PRIVATE-TOKEN", "Job-Token",
                                         "Host", "Cookie", "User-Agent", "Content-Length",
                                         "Transfer-Encoding", "Connection", "X-HTTP-Method-Override",
                                         "X-Method-Override", "X-HTTP-Method", "Proxy-Authorization",
                                         "X-Forwarded-Host", "Sudo", "X-Original-URL", "", "a b", "a:b",
                                         "a\r\nb"));

TEST(ClientHeader, AValueThatBreaksTheMessageIsInvalid) {
  EXPECT_THAT(check_client_header("X-A", "b\r\nAuthorization: c"), FailsWith(Errc::invalid_params));
}

TEST(ClientHeader, AcceptIsTheClientsOwn) {
  EXPECT_THAT(check_client_header("Accept", "text/plain"), Succeeds());
}

}  // namespace
}  // namespace forgelink
