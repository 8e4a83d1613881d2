#include "providers/repository_name.hpp"

#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

TEST(RepositoryName, EveryWayToNameOneLeadsToItsPath) {
  const RepositoryPlaces places{.web_roots = {"https://git.example:8443/sub"}, .ssh_hosts = {"ssh.git.example"}};
  for (const char* name : {"group/project", "/group/project/", "https://git.example:8443/sub/group/project", "https://user:pw@GIT.EXAMPLE:8443/sub/group/project", "https://git.example:8443/SUB/group/project?x=1#y",
                           "git@git.example:group/project", "ssh://git@git.example:2222/group/project", "git@ssh.git.example:group/project", "https://git.example:8443/sub/%67roup/project"}) {
    const auto parts = repository_path(name, places);
    ASSERT_THAT(parts, Succeeds()) << name;
    EXPECT_EQ(joined(*parts), "group/project") << name;
  }
}

TEST(RepositoryName, AnotherServerAndNonsenseAreRefused) {
  const RepositoryPlaces places{.web_roots = {"https://git.example/sub"}, .ssh_hosts = {}};
  for (const char* name : {"https://evilgit.example/sub/a/b", "https://git.example.evil/sub/a/b", "https://git.example/subway/a/b", "https://git.example:444/sub/a/b", "http://git.example/sub/a/b", "git@other:a/b",
                           "ftp://git.example/sub/a/b", "https://git.example/sub/a/../b", "https://git.example/sub/a%2Fb/c", "https://git.example/sub/%00/b", "https://git.example/sub/%zz/b", "a/../b"}) {
    EXPECT_THAT(repository_path(name, places), FailsWith(Errc::invalid_params)) << name;
  }
}

TEST(RepositoryName, GitIsStrippedOnceAndPartsAreCounted) {
  EXPECT_EQ(*first_parts({"o", "r.git", "tree", "main"}, 2, "x"), "o/r");
  EXPECT_EQ(*first_parts({"o", "r.git.git"}, 2, "x"), "o/r.git");
  EXPECT_THAT(first_parts({"o"}, 2, "owner/name"), FailsWith(Errc::invalid_params));
  EXPECT_EQ(encoded_path("with space/ü"), "with%20space/%C3%BC");
}

}  // namespace
}  // namespace forgelink
