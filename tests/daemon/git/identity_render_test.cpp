// SPDX-License-Identifier: MIT
#include "daemon/git/identity_render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink {
namespace {

using testing::HasSubstr;
using testing::Not;

class IdentityRenderTest : public testing::Test {
 protected:
  ConnectionId add(const char* name, const char* email) {
    Connection c{.id = ConnectionId::make(), .name = name, .type = "github"};
    c.commit_name = name;
    if (*email != '\0') c.commit_email = email;
    connections_[c.id] = c;
    return c.id;
  }
  void rule(ConnectionId id, const char* url, const char* directory) {
    Rule made{.id = RuleId::make(), .connection = id};
    if (*url != '\0') made.url = url;
    if (*directory != '\0') made.directory = directory;
    rules_.push_back(made);
  }
  std::vector<IdentityFile> rendered() const {
    const auto find = [this](ConnectionId id) { return &connections_.at(id); };
    return render_identities(rules_, find, "/data");
  }

  std::map<ConnectionId, Connection> connections_;
  std::vector<Rule> rules_;
};

TEST_F(IdentityRenderTest, TheBestRuleComesLast) {
  const ConnectionId id = add("Octo", "o@example.org");
  rule(id, "https://host/a/b", "");
  rule(id, "", "/home/me");
  rule(id, "https://host/a", "");
  rule(id, "https://host", "");
  rule(id, "", "/home/me/job");
  const std::string text = rendered().front().content;
  std::size_t last = 0;
  for (const char* part : {"https://host/**", "gitdir:/home/me/\"", "gitdir:/home/me/job/",
                           "https://host/a/**", "https://host/a/b/**"}) {
    const std::size_t at = text.find(part);
    ASSERT_NE(at, std::string::npos) << part;
    EXPECT_GT(at, last) << part;
    last = at;
  }
}

TEST_F(IdentityRenderTest, WithoutAnAddressNothingIsRendered) {
  rule(add("Octo", ""), "https://host", "");
  ASSERT_EQ(rendered().size(), 1U);
  EXPECT_THAT(rendered().front().content, Not(HasSubstr("includeIf")));
}

TEST_F(IdentityRenderTest, OneFileForEachConnectionAndOneForARuleWithBothConditions) {
  const ConnectionId id = add("Octo \"Dev\" \\", "o@example.org");
  rule(id, "https://host/a", "/src");
  rule(id, "https://host/b", "");
  const auto files = rendered();
  ASSERT_EQ(files.size(), 3U);
  EXPECT_THAT(files[1].content, HasSubstr("name = \"Octo \\\"Dev\\\" \\\\\""));
  EXPECT_THAT(files[2].content, HasSubstr("hasconfig:remote.*.url:https://host/a/**"));
  EXPECT_THAT(files[0].content, Not(HasSubstr("https://host/a/")));
}

TEST(GitdirPattern, TakesNothingForAPattern) {
  EXPECT_EQ(gitdir_pattern("/a*b/[c]?\\d"), "/a\\*b/\\[c\\]\\?\\\\d/");
  EXPECT_EQ(gitdir_pattern("/"), "/");
}

}  // namespace
}  // namespace forgelink
