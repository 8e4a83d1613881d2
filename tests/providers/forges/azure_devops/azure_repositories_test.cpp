// SPDX-License-Identifier: MIT
// Azure DevOps' list of repositories where it is too large for one answer, and what commits cost.
#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;

const http::Reply no_such = json_reply(404, R"({"message": "TF200016: gone"})");

class AzureLarge : public ForgeFixture {
 protected:
  AzureLarge() : ForgeFixture("azure-devops-server") {
    // What is large is remembered by place: each test has one of its own.
    target.server_url = "https://large" + target.connection + ".example/tfs/Main";
    client.on(*target.server_url + "/_apis/git/repositories", too_large());
  }
  static Error too_large() {
    Error error{.code = Errc::forge_error, .message = "It sent an answer of more than 16 MiB."};
    error.details["too_large"] = true;
    return error;
  }
  void project(const std::string& id, const http::Reply& reply) {
    client.on(*target.server_url + "/" + id + "/_apis/git/repositories", reply);
  }
  static http::Reply with_one(const std::string& name) {
    return json_reply(R"({"value": [{"id": "r-)" + name + R"(", "name": ")" + name + R"("}]})");
  }
  std::vector<std::string> walk(std::size_t limit = 20) {
    std::vector<std::string> names;
    std::string next;
    do {
      const auto page = repositories(next);
      if (!page) return {page.error().message};
      for (const Repository& one : page->items) names.push_back(one.name);
      next = page->next;
    } while (!next.empty() && --limit > 0);
    return names;
  }
};

TEST_F(AzureLarge, IsListedProjectByProject) {
  client.on("/_apis/projects", json_reply(R"({"value": [{"id": "p1"}, {"id": "p2"}, {"id": "p3"}]})"));
  project("p1", with_one("one"));
  project("p2", no_such);
  project("p3", with_one("three"));
  EXPECT_THAT(walk(), ElementsAre("one", "three")) << "a project that went away takes nothing with it";
}

TEST_F(AzureLarge, IsRememberedSoThatTheWholeIsAskedForOnce) {
  client.on("/_apis/projects", json_reply(R"({"value": [{"id": "p1"}]})"));
  project("p1", with_one("one"));
  EXPECT_THAT(walk(), ElementsAre("one"));
  const std::size_t first = client.asked.size();
  EXPECT_THAT(walk(), ElementsAre("one"));
  EXPECT_EQ(client.asked.size() - first, first - 1);
}

TEST_F(AzureLarge, HundredProjectsAndMoreAreReadPageByPage) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += (i > 0 ? "," : "") + (R"({"id": "p)" + std::to_string(i) + R"("})");
  client.on("%24skip=0&", json_reply(R"({"value": [)" + many + "]}"));
  client.on("%24skip=100&", json_reply(R"({"value": [{"id": "last"}]})"));
  client.on(*target.server_url + "/p", json_reply(R"({"value": []})"));
  project("last", with_one("last"));
  EXPECT_THAT(walk(200), ElementsAre("last"));
}

TEST_F(AzureLarge, AProjectThatIsTooLargeIsAnError) {
  client.on("/_apis/projects", json_reply(R"({"value": [{"id": "p1"}]})"));
  client.on(*target.server_url + "/p1/_apis/git/repositories", too_large());
  EXPECT_THAT(repositories(), FailsWith(Errc::forge_error));
}

class AzureCut : public ForgeFixture {
 protected:
  AzureCut() : ForgeFixture("azure-devops") {
    target.organization = "octo-org";
    client.on("/commits?",
              json_reply(R"({"value": [{"commitId": "c1", "comment": "Cut", "commentTruncated": true},
        {"commitId": "c2", "comment": "Whole"}]})",
                         {{"x-vss-userdata", "1:me"}}));
    client.on("/commits/c1", json_reply(R"({"commitId": "c1", "comment": "Cut\n\nand more"})"));
  }
};

TEST_F(AzureCut, MessagesAreGivenAsTheyComeAndCostNothing) {
  const auto page = commits("P/r");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(client.asked.size(), 1u);
  EXPECT_EQ(page->items.at(0).message, "Cut");
  EXPECT_TRUE(page->items.at(0).message_truncated);
  EXPECT_FALSE(page->items.at(1).message_truncated);
}

TEST_F(AzureCut, MessagesAreCompletedWhereAskedFor) {
  full_messages = true;
  const auto page = commits("P/r");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(client.asked.size(), 2u);
  EXPECT_EQ(page->items.at(0).message, "Cut\n\nand more");
  EXPECT_FALSE(page->items.at(0).message_truncated);
}

}  // namespace
}  // namespace forgelink
