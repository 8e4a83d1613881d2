// SPDX-License-Identifier: MIT
#include "daemon/front/front_routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "providers/provider.hpp"

namespace forgelink {
namespace {

FrontPlaces github() {
  return {.git_roots = {"https://github.com", "https://gist.github.com"},
          .api_root = "https://api.github.com",
          .graphql = "https://api.github.com/graphql",
          .client_host = "api.github.com",
          .port_authority = "127.0.0.1:4567",
          .api = &find_provider("github")->api};
}

FrontPlaces gitlab() {
  return {.git_roots = {"https://git.example/sub"},
          .api_root = "https://git.example/sub/api/v4",
          .graphql = "https://git.example/sub/api/graphql",
          .port_authority = "127.0.0.1:4567",
          .api = &find_provider("gitlab")->api};
}

std::string to(const FrontPlaces& places, FrontRequest request, const FrontRules& rules = {}) {
  const auto route = route_of(request, places, rules);
  if (const auto* refused = std::get_if<http::LocalReply>(&route)) return std::to_string(refused->status);
  return std::get<FrontRoute>(route).url;
}

FrontRequest by_port(std::string method, std::string target) {
  return {
      .method = std::move(method), .host = "127.0.0.1:4567", .target = std::move(target), .by_port = true};
}
FrontRequest by_socket(std::string method, std::string host, std::string target) {
  return {.method = std::move(method), .host = std::move(host), .target = std::move(target)};
}

TEST(FrontRoutes, GitFindsItsHostInThePath) {
  EXPECT_EQ(to(github(), by_port("GET", "/github.com/o/r.git/info/refs?service=git-upload-pack")),
            "https://github.com/o/r.git/info/refs?service=git-upload-pack");
  EXPECT_EQ(to(github(), by_port("POST", "/github.com/o/r/git-receive-pack")),
            "https://github.com/o/r/git-receive-pack");
  EXPECT_EQ(to(gitlab(), by_port("POST", "/git.example/sub/g/p.git/git-upload-pack")),
            "https://git.example/sub/g/p.git/git-upload-pack");
}

TEST(FrontRoutes, WebPagesAndOtherHostsAreNotServed) {
  for (const char* target : {"/github.com/settings/tokens", "/github.com/o/r.git/HEAD",
                             "/github.com/o/r.git/info/refs", "/github.com/login/oauth/authorize"})
    EXPECT_EQ(to(github(), by_port("GET", target)), "403") << target;
  EXPECT_EQ(to(gitlab(), by_port("POST", "/git.example/elsewhere/g/p.git/git-upload-pack")), "403");
  EXPECT_EQ(to(github(), by_socket("GET", "evil.example", "/user")), "421");
  EXPECT_EQ(to(github(), by_socket("GET", "api.github.com.evil.example", "/user")), "421");
}

TEST(FrontRoutes, ThePortKnowsItselfByNoOtherName) {
  FrontRequest lying = by_port("GET", "/user");
  lying.host = "api.github.com";
  EXPECT_EQ(to(github(), lying), "421");
}

TEST(FrontRoutes, GhFindsTheApiByItsOwnHost) {
  EXPECT_EQ(to(github(), by_socket("GET", "api.github.com", "/user")), "https://api.github.com/user");
  EXPECT_EQ(to(github(), by_socket("POST", "api.github.com", "/graphql")), "https://api.github.com/graphql");
  FrontPlaces sandbox = github();
  sandbox.api_root = "http://127.0.0.1:9/api";
  sandbox.graphql = "http://127.0.0.1:9/api/graphql";
  EXPECT_EQ(to(sandbox, by_socket("GET", "api.github.com", "/user")), "http://127.0.0.1:9/api/user");
  EXPECT_EQ(to(sandbox, by_socket("GET", "api.github.com", "/graphql")), "http://127.0.0.1:9/api/graphql");
}

TEST(FrontRoutes, GlabFindsTheApiByItsPath) {
  EXPECT_EQ(to(gitlab(), by_port("GET", "/sub/api/v4/projects/1?simple=true")),
            "https://git.example/sub/api/v4/projects/1?simple=true");
  EXPECT_EQ(to(gitlab(), by_port("POST", "/sub/api/graphql")), "https://git.example/sub/api/graphql");
}

TEST(FrontRoutes, APathThatLeavesTheRootIsRefused) {
  for (const char* target : {"/repos/../../x", "/%2e%2e/x", "/a//b", "/..;/x"})
    EXPECT_EQ(to(github(), by_socket("GET", "api.github.com", target)), "400") << target;
  EXPECT_EQ(to(github(), by_port("GET", "/github.com/o/../x/info/refs?service=git-upload-pack")), "403");
  EXPECT_EQ(to(github(), by_port("GET", "/github.com/o%2fx/r/info/refs?service=git-upload-pack")), "403");
}

TEST(FrontRoutes, OnlyTheNamedRepositoriesAreServed) {
  const FrontRules rules{.repositories = {"O/R.git"}};
  EXPECT_EQ(to(github(), by_port("POST", "/github.com/o/r.git/git-upload-pack"), rules),
            "https://github.com/o/r.git/git-upload-pack");
  EXPECT_EQ(to(github(), by_port("POST", "/github.com/o/rr.git/git-upload-pack"), rules), "403");
  EXPECT_EQ(to(github(), by_socket("GET", "api.github.com", "/repos/o/r/pulls"), rules),
            "https://api.github.com/repos/o/r/pulls");
  EXPECT_EQ(to(github(), by_socket("GET", "api.github.com", "/user"), rules), "https://api.github.com/user");
  for (const char* target : {"/repos/o/other", "/user/repos", "/search/code?q=x", "/orgs/o",
                             "/repos/o%2fr/pulls", "/repositories/1", "/", "/graphql"})
    EXPECT_EQ(to(github(), by_socket("GET", "api.github.com", target), rules), "403") << target;
}

TEST(FrontRoutes, AGitLabProjectIsOneSegment) {
  const FrontRules rules{.repositories = {"g/sub/p"}};
  EXPECT_EQ(to(gitlab(), by_port("GET", "/sub/api/v4/projects/g%2Fsub%2Fp/issues"), rules),
            "https://git.example/sub/api/v4/projects/g%2Fsub%2Fp/issues");
  EXPECT_EQ(to(gitlab(), by_port("GET", "/sub/api/v4/projects/12/issues"), rules), "403");
}

TEST(FrontRoutes, ReadOnlyRefusesWhatMayChangeSomething) {
  const FrontRules rules{.read_only = true};
  EXPECT_EQ(to(github(), by_port("POST", "/github.com/o/r.git/git-upload-pack"), rules),
            "https://github.com/o/r.git/git-upload-pack");
  EXPECT_EQ(to(github(), by_port("GET", "/github.com/o/r.git/info/refs?service=git-receive-pack"), rules),
            "403");
  EXPECT_EQ(to(github(), by_port("POST", "/github.com/o/r.git/git-receive-pack"), rules), "403");
  EXPECT_EQ(to(github(), by_port("PUT", "/github.com/o/r.git/info/lfs/objects/abc"), rules), "403");
  EXPECT_EQ(to(github(), by_socket("DELETE", "api.github.com", "/repos/o/r"), rules), "403");
  EXPECT_EQ(to(github(), by_socket("POST", "api.github.com", "/graphql"), rules), "403");
}

TEST(FrontRoutes, GraphqlNeedsAYesWhereItCannotBeFiltered) {
  EXPECT_EQ(
      to(github(), by_socket("POST", "api.github.com", "/graphql"), {.read_only = true, .graphql = true}),
      "https://api.github.com/graphql");
}

TEST(FrontRoutes, AnLfsBatchOfAReadOnlyFrontIsLookedInto) {
  const auto route =
      route_of(by_port("POST", "/github.com/o/r.git/info/lfs/objects/batch"), github(), {.read_only = true});
  ASSERT_TRUE(std::holds_alternative<FrontRoute>(route));
  EXPECT_TRUE(std::get<FrontRoute>(route).checks_lfs);
  EXPECT_TRUE(asks_for_download(R"({"operation": "download", "objects": []})"));
  EXPECT_FALSE(asks_for_download(R"({"operation": "upload"})"));
  EXPECT_FALSE(asks_for_download("not JSON"));
}

TEST(FrontRoutes, AzureNamesItsRepositoriesInItsOwnWay) {
  FrontPlaces azure{.git_roots = {"https://dev.azure.com/org"},
                    .api_root = "https://dev.azure.com/org",
                    .port_authority = "127.0.0.1:4567",
                    .api = &find_provider("azure-devops")->api};
  const FrontRules rules{.repositories = {"project/repo"}};
  EXPECT_EQ(to(azure, by_port("POST", "/dev.azure.com/org/project/_git/repo/git-upload-pack"), rules),
            "https://dev.azure.com/org/project/_git/repo/git-upload-pack");
  EXPECT_EQ(to(azure, by_port("POST", "/dev.azure.com/org/project/_git/other/git-upload-pack"), rules),
            "403");
  EXPECT_EQ(
      to(azure, by_socket("GET", "dev.azure.com", "/org/project/_apis/git/repositories/repo/commits"), rules),
      "https://dev.azure.com/org/project/_apis/git/repositories/repo/commits");
}

TEST(FrontHeaders, ThoseOfTheWayAndOfOthersTokensStayBehind) {
  for (const char* name : {"Authorization", "PRIVATE-TOKEN", "Cookie", "Host", "X-HTTP-Method-Override",
                           "Transfer-Encoding", "Sudo"})
    EXPECT_FALSE(is_passed_on(name)) << name;
  for (const char* name : {"Accept", "User-Agent", "Content-Type", "Git-Protocol", "X-GitHub-Api-Version"})
    EXPECT_TRUE(is_passed_on(name)) << name;
}

}  // namespace
}  // namespace forgelink
