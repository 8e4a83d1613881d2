// SPDX-License-Identifier: MIT
#include "providers/forges/bitbucket_data_center/marks.hpp"

#include <gtest/gtest.h>

namespace forgelink::forges::bitbucket_data_center {
namespace {

class MarkOfDataCenter : public testing::TestWithParam<const char*> {};

TEST_P(MarkOfDataCenter, IsKnownInAnyAddress) {
  const auto error = claims_server(GetParam());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, Errc::bitbucket_on_premise_unsupported);
  EXPECT_EQ(error->field, "server_url");
  EXPECT_NE(error->hint.find("bitbucket-data-center"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, MarkOfDataCenter,
    testing::Values("https://git.example/scm/PROJ/repo.git",
                    "https://git.example/bitbucket/scm/~user/repo.git", "https://git.example/scm",
                    "https://git.example:7990", "git.example:7999",
                    "https://git.example/projects/KEY/repos/slug/browse",
                    "https://git.example/users/name/repos/slug", "ssh://git@git.example:7999/proj/repo.git",
                    "https://user@git.example/scm/PROJ/repo.git", "https://git.example/rest/api/1.0/projects",
                    "https://git.example/rest//api//1.0", "https://evilbitbucket.org/scm/x"));

class NoMarkOfDataCenter : public testing::TestWithParam<const char*> {};

TEST_P(NoMarkOfDataCenter, IsLeftToOthers) { EXPECT_FALSE(claims_server(GetParam())); }

INSTANTIATE_TEST_SUITE_P(All, NoMarkOfDataCenter,
                         testing::Values("", "https://", "https://git.example",
                                         "https://git.example/projects/KEY", "https://git.example/scmx",
                                         "https://bitbucket.org/scm/x"));

}  // namespace
}  // namespace forgelink::forges::bitbucket_data_center
