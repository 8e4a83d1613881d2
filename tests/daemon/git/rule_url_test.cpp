// SPDX-License-Identifier: MIT
#include "daemon/git/rule_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

struct Typed {
  const char *typed, *kept;
};

class RuleUrlForm : public testing::TestWithParam<Typed> {};

TEST_P(RuleUrlForm, IsOneForAllSpellings) {
  const Result<RuleUrl> url = RuleUrl::parse(GetParam().typed);
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->text(), GetParam().kept);
  EXPECT_EQ(RuleUrl::of_kept(url->text()).text(), GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(
    All, RuleUrlForm,
    testing::Values(Typed{"https://GitHub.com/Octo-Org/", "https://github.com/Octo-Org"},
                    Typed{"https://github.com/octo-org/hello.git", "https://github.com/octo-org/hello"},
                    Typed{"github.com/octo-org", "https://github.com/octo-org"},
                    Typed{"  https://github.com:443  ", "https://github.com"},
                    Typed{"https://me@github.com/o", "https://github.com/o"},
                    Typed{"https://host:8443/tfs/Default%20Collection/P/_git/r",
                          "https://host:8443/tfs/Default Collection/P/_git/r"},
                    Typed{"https://host/tfs/Default Collection", "https://host/tfs/Default Collection"},
                    Typed{"https://host/bitbucket/scm/PRJ/repo.git", "https://host/bitbucket/scm/PRJ/repo"},
                    Typed{"https://dev.azure.com/org//project/", "https://dev.azure.com/org/project"},
                    Typed{"https://host/octo-*", "https://host/octo-*"}));

class RefusedRuleUrl : public testing::TestWithParam<const char*> {};

TEST_P(RefusedRuleUrl, NamesTheField) {
  const Result<RuleUrl> url = RuleUrl::parse(GetParam());
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, Errc::invalid_params);
  EXPECT_EQ(url.error().field, "url");
}

INSTANTIATE_TEST_SUITE_P(All, RefusedRuleUrl,
                         testing::Values("", "https://", "ssh://git@host/x", "git@host:x/y",
                                         "https://host/a/../b", "https://host/%2e%2e/b", "https://host/a%2Fb",
                                         "https://host/a\\b", "https://host/a?b", "https://host/a#b",
                                         "https://host/%zz", "https://host/%ff", "https://h\nx/"));

TEST(RuleUrl, WhatIsTypedFromItIsReadAsTheSame) {
  const RuleUrl url{.origin = "https://host", .path = GitPath::decoded("Ä b/100%/x")};
  const Result<RuleUrl> again = RuleUrl::parse(url.encoded());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->text(), url.text());
}

}  // namespace
}  // namespace forgelink
