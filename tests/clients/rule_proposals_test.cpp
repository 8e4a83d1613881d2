// SPDX-License-Identifier: MIT
#include "clients/cli/import/rule_proposals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink::cli {
namespace {

std::vector<std::string> proposed(const std::string& key, const std::string& value) {
  const auto included = [](const std::string& file) -> std::vector<GitEntry> {
    if (file != "/home/me/work.config") return {};
    return {{.key = "credential.https://github.com.username", .value = "octo-dev", .file = file},
            {.key = "user.email", .value = "x@example.org", .file = file}};
  };
  std::vector<std::string> out;
  for (const ProposedRule& rule :
       propose_rules({{.key = key, .value = value, .file = "/home/me/.gitconfig"}}, "/home/me", included))
    out.push_back(rule.username + " " + rule.url + " " + rule.directory);
  return out;
}

struct Case {
  const char *key, *value, *rule;
};

class Proposal : public testing::TestWithParam<Case> {};

TEST_P(Proposal, IsWhatTheConfigurationSays) {
  const std::string rule = GetParam().rule;
  const std::vector<std::string> expected = rule.empty() ? std::vector<std::string>() : std::vector{rule};
  EXPECT_EQ(proposed(GetParam().key, GetParam().value), expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, Proposal,
    testing::Values(
        Case{"credential.https://github.com/octo-org.username", "octo-dev",
             "octo-dev https://github.com/octo-org "},
        Case{"credential.https://github.com.username", "octo-dev", "octo-dev https://github.com "},
        Case{"credential.https://*.example.org.username", "octo-dev", ""},
        Case{"credential.username", "octo-dev", ""}, Case{"credential.github.com.username", "octo-dev", ""},
        Case{"credential.https://github.com.helper", "store", ""},
        Case{"includeif.gitdir:~/job/.path", "work.config", "octo-dev https://github.com /home/me/job"},
        Case{"includeif.gitdir/i:/home/me/job/**.path", "~/work.config",
             "octo-dev https://github.com /home/me/job"},
        Case{"includeif.gitdir:./src/.path", "work.config", "octo-dev https://github.com /home/me/src"},
        Case{"includeif.gitdir:**/job/.path", "work.config", ""},
        Case{"includeif.onbranch:main.path", "work.config", ""},
        Case{"includeif.hasconfig:remote.*.url:https://github.com/octo-org/**.path", "work.config",
             "octo-dev https://github.com/octo-org "},
        Case{"includeif.hasconfig:remote.*.url:https://gitlab.com/x/**.path", "work.config", ""},
        Case{"includeif.hasconfig:remote.*.url:git@github.com:x/**.path", "work.config", ""},
        Case{"includeif.gitdir:~/job/.path", "/nowhere", ""}));

}  // namespace
}  // namespace forgelink::cli
