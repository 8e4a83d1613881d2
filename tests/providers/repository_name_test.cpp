// SPDX-License-Identifier: MIT
#include "providers/repository_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

const RepositoryPlaces cloud{.web_roots = {"https://github.com", "https://www.github.com"},
                             .ssh_hosts = {"ssh.github.com"}};
const RepositoryPlaces below{.web_roots = {"https://host.example:8443/git/lab"}};

struct Case {
  const char* typed;
  const RepositoryPlaces& places;
  const char* path;
};

class RepositoryName : public ::testing::TestWithParam<Case> {};

TEST_P(RepositoryName, IsFoundInWhatAPersonWrites) {
  const auto named = read_repository_name(GetParam().typed, GetParam().places);
  ASSERT_THAT(named, Succeeds());
  EXPECT_EQ(joined(named->parts), GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, RepositoryName,
    ::testing::Values(
        Case{"owner/name", cloud, "owner/name"}, Case{"/owner//name/", cloud, "owner/name"},
        Case{"12345", cloud, "12345"}, Case{"owner/na:me", cloud, "owner/na:me"},
        Case{"owner/with space", cloud, "owner/with space"}, Case{"owner/50%", cloud, "owner/50%"},
        Case{"https://github.com/owner/name.git", cloud, "owner/name.git"},
        Case{"https://GitHub.com./owner/name", cloud, "owner/name"},
        Case{"http://github.com/owner/name", cloud, "owner/name"},
        Case{"https://github.com:443/owner/name", cloud, "owner/name"},
        Case{"https://user:word@github.com/owner/name", cloud, "owner/name"},
        Case{"https://www.github.com/owner/name/tree/main?a=b#c", cloud, "owner/name/tree/main"},
        Case{"github.com/owner/name", cloud, "owner/name"},
        Case{"https://github.com/owner/with%20space", cloud, "owner/with space"},
        Case{"git@github.com:owner/name.git", cloud, "owner/name.git"},
        Case{"github.com:owner/name", cloud, "owner/name"},
        Case{"ssh://git@github.com/owner/name", cloud, "owner/name"},
        Case{"ssh://git@ssh.github.com:443/owner/name", cloud, "owner/name"},
        Case{"git+ssh://git@github.com/owner/name", cloud, "owner/name"},
        Case{"SSH+GIT://github.com/owner/name", cloud, "owner/name"},
        Case{"https://host.example:8443/git/lab/group/sub/project", below, "group/sub/project"},
        Case{"host.example:8443/git/lab/group/project", below, "group/project"},
        Case{"https://host.example:8443/GIT/lab/group/project/-/tree/x", below, "group/project/-/tree/x"},
        Case{"git@host.example:group/project.git", below, "group/project.git"},
        Case{"ssh://git@host.example:2222/group/project.git", below, "group/project.git"}));

class NoRepositoryName : public ::testing::TestWithParam<Case> {};

TEST_P(NoRepositoryName, IsRefusedAsTheParameterItIs) {
  const auto named = read_repository_name(GetParam().typed, GetParam().places);
  ASSERT_THAT(named, FailsWith(Errc::invalid_params));
  EXPECT_EQ(named.error().field, "repository");
}

INSTANTIATE_TEST_SUITE_P(
    Ways, NoRepositoryName,
    ::testing::Values(
        Case{"", cloud, ""}, Case{"/", cloud, ""}, Case{"owner/../name", cloud, ""},
        Case{"./name", cloud, ""}, Case{"owner/na\nme", cloud, ""}, Case{"https://github.com", cloud, ""},
        Case{"https://github.com/", cloud, ""}, Case{"https://github.com?x/y", cloud, ""},
        Case{"https://github.com/owner/%2e%2e", cloud, ""}, Case{"https://github.com/a%2Fb/name", cloud, ""},
        Case{"https://github.com/owner/%0a", cloud, ""}, Case{"https://github.com/owner/%zz", cloud, ""},
        Case{"https://github.com/owner/%00", cloud, ""}, Case{"https://evilgithub.com/owner/name", cloud, ""},
        Case{"https://github.com.evil.example/owner/name", cloud, ""},
        Case{"https://github.com@evil.example/owner/name", cloud, ""},
        Case{"https://github.com:8443/owner/name", cloud, ""},
        Case{"https://gist.github.com/owner/abc", cloud, ""},
        Case{"https://ssh.github.com/owner/name", cloud, ""}, Case{"git@gitlab.com:owner/name", cloud, ""},
        Case{"ftp://github.com/owner/name", cloud, ""}, Case{"file:///owner/name", cloud, ""},
        Case{"https://", cloud, ""}, Case{"https://github.com:99999/owner/name", cloud, ""},
        Case{"https://:443/owner/name", cloud, ""}, Case{":owner/name", cloud, ""},
        Case{"https://host.example:8443/git/laboratory/group/project", below, ""},
        Case{"https://host.example:8443/group/project", below, ""},
        Case{"https://host.example/git/lab/group/project", below, ""},
        Case{"https://host.example:8443/git/lab", below, ""}));

TEST(RepositoryNames, OfTwoRootsTheNearerOneCounts) {
  const RepositoryPlaces two{.web_roots = {"https://host.example", "https://host.example/git"}};
  EXPECT_EQ(joined(read_repository_name("https://host.example/git/a/b", two)->parts), "a/b");
  EXPECT_EQ(joined(read_repository_name("https://host.example/other/a", two)->parts), "other/a");
}

TEST(RepositoryNames, HostAndUserOfAnAddressAreKept) {
  const auto named = read_repository_name("ssh://Org@SSH.GitHub.com:22/a/b", cloud);
  ASSERT_THAT(named, Succeeds());
  EXPECT_EQ(named->host, "ssh.github.com");
  EXPECT_EQ(named->user, "Org");
  EXPECT_EQ(read_repository_name("a/b", cloud)->host, "");
}

TEST(RepositoryNames, ARootThatIsNoAddressMatchesNothing) {
  EXPECT_THAT(read_repository_name("https://x/a/b", {.web_roots = {"", "nonsense"}}),
              FailsWith(Errc::invalid_params));
}

TEST(RepositoryNames, TheFirstPartsMakeAPathWithoutItsEnding) {
  EXPECT_EQ(*first_parts({"owner", "name.git", "tree"}, 2, "owner/name"), "owner/name");
  EXPECT_EQ(*first_parts({"owner", "name.git.git"}, 2, "owner/name"), "owner/name.git");
  EXPECT_THAT(first_parts({"owner"}, 2, "owner/name"), FailsWith(Errc::invalid_params));
  EXPECT_THAT(first_parts({"owner", ".git"}, 2, "owner/name"), FailsWith(Errc::invalid_params));
  EXPECT_EQ(encoded_path("a b/c/d%"), "a%20b/c/d%25");
  EXPECT_TRUE(is_number("1234567"));
  EXPECT_FALSE(is_number("12a"));
  EXPECT_FALSE(is_number(""));
  EXPECT_FALSE(is_number("12345678901234567890"));
  EXPECT_TRUE(is_uuid("00000000-0000-4000-8000-00000000000F"));
  EXPECT_FALSE(is_uuid("00000000-0000-4000-8000-00000000000g"));
  EXPECT_FALSE(is_uuid("00000000x0000-4000-8000-000000000000"));
}

struct WithLogin {
  const char *typed, *without;
};

class LoginOfAnAddress : public testing::TestWithParam<WithLogin> {};

TEST_P(LoginOfAnAddress, IsLeftOut) { EXPECT_EQ(without_login(GetParam().typed), GetParam().without); }

INSTANTIATE_TEST_SUITE_P(
    All, LoginOfAnAddress,
    testing::Values(WithLogin{"https://octo:ghp_0123@github.com/o/r?x=a@b", "https://github.com/o/r?x=a@b"},
                    WithLogin{"https://ghp_0123@github.com/o/r", "https://github.com/o/r"},
                    WithLogin{"HTTPS://a:b@c:d@github.com", "HTTPS://github.com"},
                    WithLogin{"git+https://x:y@host/o/r", "git+https://host/o/r"},
                    WithLogin{"octo:ghp_0123@github.com/o/r", "github.com/o/r"},
                    WithLogin{"ssh://git:word@host:22/o/r", "ssh://git@host:22/o/r"},
                    WithLogin{"ssh://Org@vs-ssh.visualstudio.com/v3/o",
                              "ssh://Org@vs-ssh.visualstudio.com/v3/o"},
                    WithLogin{"git@github.com:o/r", "git@github.com:o/r"},
                    WithLogin{"https://github.com/o/r@v1", "https://github.com/o/r@v1"},
                    WithLogin{"owner/name@2", "owner/name@2"}, WithLogin{"", ""}));

}  // namespace
}  // namespace forgelink
