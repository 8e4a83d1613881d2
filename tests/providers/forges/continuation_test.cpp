// SPDX-License-Identifier: MIT
#include "providers/forges/continuation.hpp"

#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink::forges {
namespace {

TEST(LinkTo, FindsARelationAmongOthers) {
  http::Reply reply{
      .status = 200,
      .headers = {
          {"link",
           "<https://h/1>; rel=\"prev\", <https://h/3?a=b,c>; rel=\"next\", <https://h/9>; rel=\"last\""}}};
  EXPECT_EQ(link_to("next", reply), "https://h/3?a=b,c");
  reply.headers["link"] = "<https://h/1>; rel=\"prev\"";
  EXPECT_EQ(link_to("next", reply), "");
}

struct Link {
  const char *link, *api, *own;  // "" for nothing
};

class OwnAddress : public testing::TestWithParam<Link> {};

TEST_P(OwnAddress, IsTheLinksPathAtTheConnectionsOrigin) {
  EXPECT_EQ(own_address(GetParam().link, GetParam().api).value_or(""), GetParam().own);
}

INSTANTIATE_TEST_SUITE_P(
    All, OwnAddress,
    testing::Values(
        Link{"https://lab/api/v4/projects?id_after=7", "https://lab/api/v4",
             "https://lab/api/v4/projects?id_after=7"},
        // Behind a proxy that ends TLS; without the port; with the name of the machine.
        Link{"http://lab/api/v4/projects?a=1", "https://lab/api/v4", "https://lab/api/v4/projects?a=1"},
        Link{"https://lab/api/v4/projects?a=1", "https://lab:8443/api/v4",
             "https://lab:8443/api/v4/projects?a=1"},
        Link{"http://vm-17.internal:8080/api/v4/projects?a=1", "https://lab/api/v4",
             "https://lab/api/v4/projects?a=1"},
        // The sub-path is known to one side only.
        Link{"http://vm/api/v4/projects?a=1", "https://lab/git/api/v4",
             "https://lab/git/api/v4/projects?a=1"},
        Link{"http://vm/git/api/v4/projects?a=1", "https://lab/api/v4", "https://lab/api/v4/projects?a=1"},
        Link{"/api/v4/projects?a=1", "https://lab/api/v4", "https://lab/api/v4/projects?a=1"},
        Link{"https://evil.example/user/repos?page=2", "https://api.github.com",
             "https://api.github.com/user/repos?page=2"},
        Link{"https://me:pw@lab/api/v4/x#y", "https://lab/api/v4", "https://lab/api/v4/x"},
        // What has no place in the API.
        Link{"https://lab/sign_in", "https://lab/api/v4", ""},
        Link{"javascript:alert(1)", "https://lab/api/v4", ""},
        Link{"//evil.example/api/v4/x", "https://lab/api/v4", ""}, Link{"", "https://lab/api/v4", ""},
        Link{"https://lab/api/v4/../../x", "https://lab/api/v4", ""},
        Link{"https://lab/api/v45/x", "https://lab/api/v4", ""},
        Link{"https://lab/api/v4/a b", "https://lab/api/v4", ""}));

TEST(CheckedNext, LeadsToTheOriginOfTheRootOrIsRefused) {
  EXPECT_EQ(*checked_next("", "https://lab", "GitLab"), "");
  EXPECT_EQ(*checked_next("https://lab/x", "https://lab/git", "GitLab"), "https://lab/x");
  EXPECT_THAT(checked_next("https://evil.example/x", "https://lab", "GitLab"), FailsWith(Errc::forge_error));
  EXPECT_THAT(checked_next("http://lab/x", "https://lab", "GitLab"), FailsWith(Errc::forge_error));
}

}  // namespace
}  // namespace forgelink::forges
