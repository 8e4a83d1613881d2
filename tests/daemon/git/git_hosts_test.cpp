// SPDX-License-Identifier: MIT
// Matching in tables: which connection an address of git may belong to.
#include "daemon/git/git_hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

// What a connection has, beside its type.
struct Having {
  const char* organization = "";
  const char* server = "";
  const char* username = "";
  const char* login = "";  // of its account
};

class GitHostsTest : public testing::Test {
 protected:
  ConnectionId add(const std::string& type, Having having = {}) {
    Connection c{.id = ConnectionId::make(), .name = "C" + std::to_string(++count_), .type = type};
    if (*having.organization != '\0') c.organization = having.organization;
    if (*having.server != '\0') c.server_url = having.server;
    if (*having.username != '\0') c.username = having.username;
    if (*having.login != '\0') c.account = Account{.id = "1", .login = having.login};
    EXPECT_THAT(registry_->insert(c), Succeeds());
    tell(EventKind::connection_added, *registry_->find(c.id));
    return c.id;
  }
  void tell(EventKind kind, const Connection& connection) {
    hosts_.on_event({.kind = kind, .connection = &connection});
  }
  std::vector<ConnectionId> matching(const GitAddress& address) const {
    return hosts_.matching(address).all();
  }

  Settings settings_;
  std::unique_ptr<Registry> registry_ = Registry::in_memory();
  GitHosts hosts_{*registry_, settings_};
  int count_ = 0;
};

struct HostPlace {
  const char* type;
  Having having;
  const char *protocol, *host, *path;
  const char* username = "";
  bool fits = true;
};

void PrintTo(const HostPlace& place, std::ostream* out) {
  *out << place.type << " " << place.protocol << "://" << place.username << "@" << place.host << "/"
       << place.path;
}

class Matching : public GitHostsTest, public testing::WithParamInterface<HostPlace> {};

TEST_P(Matching, FitsOrDoesNot) {
  const HostPlace& place = GetParam();
  const ConnectionId id = add(place.type, place.having);
  GitAddress asked{.protocol = place.protocol, .host = place.host};
  if (*place.path != '\0') asked.path = place.path;
  if (*place.username != '\0') asked.username = place.username;
  EXPECT_EQ(hosts_.matching(asked).contains(id), place.fits);
}

INSTANTIATE_TEST_SUITE_P(
    Azure, Matching,
    testing::Values(
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "org/p/_git/r"},
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "ORG/p/_git/r"},
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", ""},
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "organ/p/_git/r", "", false},
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "other/org/_git/r", "", false},
        HostPlace{"azure-devops", {}, "https", "dev.azure.com", "any/p/_git/r"},
        HostPlace{"azure-devops", {"org"}, "https", "org.visualstudio.com", "p/_git/r"},
        HostPlace{"azure-devops", {"org"}, "https", "org.visualstudio.com", "DefaultCollection/p/_git/r"},
        HostPlace{"azure-devops", {"org"}, "https", "other.visualstudio.com", "p/_git/r", "", false},
        HostPlace{"azure-devops", {"org"}, "https", "ssh.dev.azure.com", "v3/org/p/r", "", false},
        HostPlace{"azure-devops", {"org"}, "ssh", "dev.azure.com", "org/p/_git/r", "", false},
        // The user name may be the organization or the person.
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "org/p/_git/r", "org"},
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "org/p/_git/r", "ORG"},
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "", "org"},
        HostPlace{"azure-devops", {"org"}, "https", "dev.azure.com", "", "other", false},
        HostPlace{"azure-devops", {}, "https", "dev.azure.com", "any/p/_git/r", "any"},
        HostPlace{"azure-devops",
                  {"org", "", "me@example.org"},
                  "https",
                  "dev.azure.com",
                  "org/p/_git/r",
                  "me@example.org"},
        HostPlace{"azure-devops-server",
                  {"", "https://host/tfs/A%20Collection"},
                  "https",
                  "host",
                  "tfs/A Collection/p/_git/r"},
        HostPlace{"azure-devops-server",
                  {"", "https://host/tfs/A%20Collection"},
                  "https",
                  "host",
                  "TFS/a collection/p/_git/r"},
        HostPlace{"azure-devops-server",
                  {"", "https://host/tfs/A%20Collection"},
                  "https",
                  "host",
                  "tfs/A/p/_git/r",
                  "",
                  false}));

INSTANTIATE_TEST_SUITE_P(
    Bitbucket, Matching,
    testing::Values(
        HostPlace{"bitbucket", {"", "", "octo"}, "https", "bitbucket.org", "workspace/r.git"},
        HostPlace{"bitbucket", {"", "", "octo"}, "https", "bitbucket.org", "workspace/r.git", "octo"},
        HostPlace{"bitbucket", {"", "", "octo"}, "https", "bitbucket.org", "workspace/r.git", "OCTO"},
        HostPlace{
            "bitbucket", {"", "", "octo"}, "https", "bitbucket.org", "workspace/r.git", "workspace", false},
        HostPlace{"bitbucket", {"", "", "octo"}, "https", "bitbucket.org", "workspace/r.git", "x-token-auth"},
        HostPlace{"bitbucket",
                  {"", "", "octo"},
                  "https",
                  "bitbucket.org",
                  "workspace/r.git",
                  "x-bitbucket-api-token-auth"},
        HostPlace{"bitbucket", {"", "", "octo"}, "https", "api.bitbucket.org", "2.0", "", false},
        HostPlace{
            "bitbucket", {"", "", "octo"}, "https", "altssh.bitbucket.org", "workspace/r.git", "", false},
        HostPlace{
            "bitbucket-data-center", {"", "https://host/ctx", "octo"}, "https", "host", "ctx/scm/p/r.git"},
        HostPlace{"bitbucket-data-center",
                  {"", "https://host/ctx", "octo"},
                  "https",
                  "host",
                  "scm/p/r.git",
                  "",
                  false}));

INSTANTIATE_TEST_SUITE_P(
    SubPathsAndPorts, Matching,
    testing::Values(
        HostPlace{"gitlab-self-managed",
                  {"", "https://host:8443/git/lab"},
                  "https",
                  "host:8443",
                  "git/lab/group/sub/r.git"},
        HostPlace{"gitlab-self-managed", {"", "https://host:8443/git/lab"}, "https", "host:8443", ""},
        HostPlace{"gitlab-self-managed", {"", "https://host:8443/git/lab"}, "https", "host:8443", "git/lab"},
        HostPlace{"gitlab-self-managed",
                  {"", "https://host:8443/git/lab"},
                  "https",
                  "host:8443",
                  "git/labour/r",
                  "",
                  false},
        HostPlace{
            "gitlab-self-managed", {"", "https://host:8443/git/lab"}, "https", "host:8443", "git", "", false},
        HostPlace{"gitlab-self-managed",
                  {"", "https://host:8443/git/lab"},
                  "https",
                  "host:8443",
                  "Git/Lab/r",
                  "",
                  false},
        HostPlace{"gitlab-self-managed",
                  {"", "https://host:8443/git/lab"},
                  "https",
                  "host:8443",
                  "git/lab/../../r",
                  "",
                  false},
        HostPlace{"gitlab-self-managed",
                  {"", "https://host:8443/git/lab"},
                  "https",
                  "host",
                  "git/lab/r",
                  "",
                  false},
        HostPlace{"gitlab-self-managed",
                  {"", "https://host:8443/git/lab"},
                  "http",
                  "host:8443",
                  "git/lab/r",
                  "",
                  false},
        HostPlace{"gitlab-self-managed", {"", "http://127.0.0.1:9000"}, "http", "127.0.0.1:9000", "g/r"},
        HostPlace{"gitlab-self-managed", {"", "https://[::1]:9000"}, "https", "[::1]:9000", "g/r"},
        HostPlace{"forgejo", {"", "https://host/code"}, "https", "host", "code/o/r.git"},
        HostPlace{"forgejo", {"", "https://host/code"}, "https", "host", "o/r.git", "", false}));

INSTANTIATE_TEST_SUITE_P(
    HostsAndNames, Matching,
    testing::Values(HostPlace{"github", {}, "https", "github.com", "o/r.git"},
                    HostPlace{"github", {}, "https", "gist.github.com", "abc.git"},
                    HostPlace{"github", {}, "https", "GitHub.com", "o/r.git", "", false},
                    HostPlace{"github", {}, "https", "github.com.", "o/r.git", "", false},
                    HostPlace{"github", {}, "https", "github.com:443", "o/r.git", "", false},
                    HostPlace{"github", {}, "http", "github.com", "o/r.git", "", false},
                    HostPlace{"github", {}, "https", "notgithub.com", "o/r.git", "", false},
                    HostPlace{"github", {}, "https", "github.com", "o/%2e%2e/r", "", true},
                    HostPlace{"github", {"", "", "octo"}, "https", "github.com", "o/r", "octo"},
                    HostPlace{"github", {"", "", "octo"}, "https", "github.com", "o/r", "Octo"},
                    HostPlace{"github", {"", "", "octo"}, "https", "github.com", "o/r", "stranger", false},
                    HostPlace{"github", {"", "", "", "mona"}, "https", "github.com", "o/r", "mona"},
                    HostPlace{"github", {"", "", "octo", "mona"}, "https", "github.com", "o/r", "mona"},
                    HostPlace{"github", {"", "", "octo"}, "https", "github.com", "o/r", "x-access-token"},
                    HostPlace{"github", {}, "https", "github.com", "o/r", "stranger", false}));

TEST_F(GitHostsTest, OfTwoRootsOnOneHostTheNearerOneCounts) {
  const ConnectionId outer = add("gitlab-self-managed", {"", "https://host/git"});
  const ConnectionId inner = add("gitlab-self-managed", {"", "https://host/git/lab"});
  const GitAddress below{.protocol = "https", .host = "host", .path = "git/lab/g/r"};
  const GitAddress beside{.protocol = "https", .host = "host", .path = "git/other/r"};
  EXPECT_THAT(matching(below), testing::ElementsAre(inner));
  EXPECT_THAT(matching(beside), testing::ElementsAre(outer));
}

TEST_F(GitHostsTest, AllThatFitAreGivenAndNobodyGuesses) {
  const ConnectionId one = add("github"), two = add("github");
  EXPECT_THAT(matching({.protocol = "https", .host = "github.com"}), testing::UnorderedElementsAre(one, two));
}

TEST_F(GitHostsTest, AUserNameThatOneCandidateHasNarrowsToThatOne) {
  add("github", {"", "", "octo"});
  const ConnectionId mona = add("github", {"", "", "mona"});
  EXPECT_THAT(matching({.protocol = "https", .host = "github.com", .username = "mona"}),
              testing::ElementsAre(mona));
}

TEST_F(GitHostsTest, TheOrganizationAsUserNameNarrowsToItsConnections) {
  add("azure-devops", {"other"});
  const ConnectionId org = add("azure-devops", {"org"});
  EXPECT_THAT(matching({.protocol = "https", .host = "dev.azure.com", .username = "Org"}),
              testing::ElementsAre(org));
}

TEST_F(GitHostsTest, AnEmptyUserNameNamesNobody) {
  const ConnectionId id = add("github", {"", "", "octo"});
  EXPECT_THAT(matching({.protocol = "https", .host = "github.com", .username = ""}),
              testing::ElementsAre(id));
}

TEST_F(GitHostsTest, AChangedConnectionIsFoundAtItsNewPlaceAlone) {
  const ConnectionId id = add("gitlab-self-managed", {"", "https://one.example"});
  EXPECT_THAT(matching({.protocol = "https", .host = "one.example"}), testing::ElementsAre(id));
  Connection moved = *registry_->find(id);
  moved.server_url = "https://two.example";
  ASSERT_THAT(registry_->update(moved), Succeeds());
  tell(EventKind::connection_updated, *registry_->find(id));
  EXPECT_TRUE(matching({.protocol = "https", .host = "one.example"}).empty());
  EXPECT_THAT(matching({.protocol = "https", .host = "two.example"}), testing::ElementsAre(id));
}

TEST_F(GitHostsTest, ARemovedConnectionIsFoundNoMore) {
  const ConnectionId id = add("github");
  ASSERT_EQ(matching({.protocol = "https", .host = "github.com"}).size(), 1u);
  const Connection gone = *registry_->find(id);
  ASSERT_THAT(registry_->remove(id), Succeeds());
  tell(EventKind::connection_removed, gone);
  EXPECT_TRUE(matching({.protocol = "https", .host = "github.com"}).empty());
}

TEST_F(GitHostsTest, ChangedSettingsMoveACloudType) {
  const ConnectionId id = add("github");
  ASSERT_EQ(matching({.protocol = "https", .host = "github.com"}).size(), 1u);
  settings_.endpoints.replace("github", "web", "http://127.0.0.1:9000");
  hosts_.settings_changed();
  EXPECT_THAT(matching({.protocol = "http", .host = "127.0.0.1:9000"}), testing::ElementsAre(id));
}

TEST_F(GitHostsTest, TheCloudHostsAreSetUpWithoutAConnectionAndOthersByTheirs) {
  add("gitlab-self-managed", {"", "https://host:8443/git"});
  const std::vector<std::string> origins = hosts_.origins();
  EXPECT_THAT(origins,
              testing::IsSupersetOf({"https://github.com", "https://gist.github.com", "https://gitlab.com",
                                     "https://bitbucket.org", "https://dev.azure.com", "https://host:8443"}));
  EXPECT_TRUE(hosts_.is_set_up({.protocol = "https", .host = "host:8443"}));
  EXPECT_FALSE(hosts_.is_set_up({.protocol = "https", .host = "host"}));
}

TEST_F(GitHostsTest, ThoseOnAHostAreGivenWhetherTheyFitOrNot) {
  const ConnectionId one = add("azure-devops", {"one"}), two = add("azure-devops", {"two"});
  EXPECT_THAT(hosts_.on_host({.protocol = "https", .host = "dev.azure.com", .path = "one/p/_git/r"}),
              testing::UnorderedElementsAre(one, two));
  EXPECT_TRUE(hosts_.on_host({.protocol = "https", .host = "other.example"}).empty());
  EXPECT_TRUE(hosts_.serves(*registry_->find(one), "https://dev.azure.com"));
  EXPECT_FALSE(hosts_.serves(*registry_->find(one), "https://github.com"));
}

TEST_F(GitHostsTest, ANameThatAVerificationTellsIsFound) {
  const ConnectionId named = add("github"), other = add("github", {.username = "other"});
  GitAddress address{.protocol = "https", .host = "github.com", .path = "o/r", .username = "mona"};
  EXPECT_TRUE(matching(address).empty());
  Connection row = *registry_->find(named);
  row.account = Account{.id = "1", .login = "mona"};
  ASSERT_THAT(registry_->update(row), Succeeds());
  tell(EventKind::token_verified, *registry_->find(named));
  EXPECT_THAT(matching(address), testing::ElementsAre(named));
  address.username = "other";
  EXPECT_THAT(matching(address), testing::ElementsAre(other));
}

}  // namespace
}  // namespace forgelink
