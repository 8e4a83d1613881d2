// SPDX-License-Identifier: MIT
#include "daemon/git/git_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

class GitRulesTest : public testing::Test {
 protected:
  GitRulesTest() {
    events_.listen([this](const Event& event) { hosts_.on_event(event); });
    events_.listen([this](const Event& event) { rules_.on_event(event); });
    events_.listen([this](const Event& event) { told_ += event.kind == EventKind::rules_changed ? 1 : 0; });
  }

  ConnectionId add(const std::string& name, const std::string& type, const char* username = "",
                   const char* organization = "", const char* server = "") {
    Connection c{.id = ConnectionId::make(), .name = name, .type = type};
    if (*username != '\0') c.username = username;
    if (*organization != '\0') c.organization = organization;
    if (*server != '\0') c.server_url = server;
    EXPECT_THAT(registry_->insert(c), Succeeds());
    events_.publish({.kind = EventKind::connection_added, .connection = registry_->find(c.id)});
    return c.id;
  }
  void remove(ConnectionId id) {
    const Connection gone = *registry_->find(id);
    EXPECT_THAT(registry_->remove(id), Succeeds());
    events_.publish({.kind = EventKind::connection_removed, .connection = &gone});
  }
  std::string chosen(const GitAddress& address) {
    const GitChoice choice = rules_.choose(address);
    if (choice.connection) return registry_->find(*choice.connection)->name;
    return choice.candidates.empty() ? "none" : "ambiguous";
  }
  static GitAddress at(const std::string& host, std::optional<std::string> path = {},
                       std::optional<std::string> username = {}) {
    return {.protocol = "https", .host = host, .path = std::move(path), .username = std::move(username)};
  }

  ManualClock clock_;
  Settings settings_;
  std::unique_ptr<Registry> registry_ = Registry::in_memory();
  EventHub events_{clock_, [](const Connection&) { return ConnectionView{}; }};
  GitHosts hosts_{*registry_, settings_};
  GitRules rules_{*registry_, hosts_, events_, clock_};
  int told_ = 0;
};

TEST_F(GitRulesTest, OneConnectionAnswersForItsHostWithoutARule) {
  add("Work", "github", "octo-dev");
  EXPECT_EQ(chosen(at("github.com", "any/thing.git")), "Work");
  EXPECT_EQ(chosen(at("GitHub.com")), "none");
  EXPECT_EQ(chosen(at("github.com:443")), "none");
}

TEST_F(GitRulesTest, OfSeveralTheRuleChoosesAndWithoutOneNobodyGuesses) {
  const ConnectionId work = add("Work", "github", "octo-dev");
  add("Home", "github", "mona");
  EXPECT_EQ(chosen(at("github.com", "octo-org/x.git")), "ambiguous");
  ASSERT_TRUE(rules_.add(work, "https://github.com/octo-org", {}));
  EXPECT_EQ(chosen(at("github.com", "octo-org/x.git")), "Work");
  EXPECT_EQ(chosen(at("github.com", "OCTO-ORG/x.git")), "Work");
  EXPECT_EQ(chosen(at("github.com", "mona/x.git")), "ambiguous");
  EXPECT_EQ(chosen(at("github.com", "octo-org/../mona/x")), "none");
}

TEST_F(GitRulesTest, AUserNameOfOneCandidateWinsOverRules) {
  const ConnectionId work = add("Work", "github", "octo-dev");
  add("Home", "github", "mona");
  ASSERT_TRUE(rules_.add(work, "https://github.com", {}));
  EXPECT_EQ(chosen(at("github.com", "octo-org/x", "MONA")), "Home");
  EXPECT_EQ(chosen(at("github.com", "octo-org/x", "stranger")), "none");
}

class Placeholder : public GitRulesTest, public testing::WithParamInterface<const char*> {};

TEST_P(Placeholder, NamesNobody) {
  add("Work", "github", "octo-dev");
  EXPECT_EQ(chosen(at("github.com", "o/r", GetParam())), "Work");
}

INSTANTIATE_TEST_SUITE_P(All, Placeholder,
                         testing::Values("git", "token", "username", "PersonalAccessToken", "gitlab-ci-token",
                                         "x-access-token", "oauth2", ""));

TEST_F(GitRulesTest, APlaceholderThatIsSomebodysNameIsTheirs) {
  add("Work", "github", "octo-dev");
  add("Odd", "github", "git");
  EXPECT_EQ(chosen(at("github.com", "o/r", "git")), "Odd");
}

struct Place {
  const char *type, *organization, *server, *host, *path;
  bool fits;
};

class Fits : public GitRulesTest, public testing::WithParamInterface<Place> {};

TEST_P(Fits, ByHostAndRoot) {
  const Place& place = GetParam();
  add("Work", place.type, "octo-dev", place.organization, place.server);
  EXPECT_EQ(chosen(at(place.host, place.path)), place.fits ? "Work" : "none");
}

INSTANTIATE_TEST_SUITE_P(
    All, Fits,
    testing::Values(
        Place{"azure-devops", "octo-org", "", "dev.azure.com", "Octo-Org/p/_git/r", true},
        Place{"azure-devops", "octo-org", "", "dev.azure.com", "other/p/_git/r", false},
        Place{"azure-devops", "octo-org", "", "octo-org.visualstudio.com", "p/_git/r", true},
        Place{"azure-devops-server", "", "https://host/tfs/Default%20Collection", "host",
              "tfs/Default Collection/P/_git/r", true},
        Place{"azure-devops-server", "", "https://host/tfs/DefaultCollection", "host",
              "tfs/defaultcollection/P/_git/r", true},
        Place{"azure-devops-server", "", "https://host/tfs/DefaultCollection", "host", "tfs/Other/P/_git/r",
              false},
        Place{"bitbucket", "", "", "bitbucket.org", "work/hello.git", true},
        Place{"gitlab-self-managed", "", "https://host:8443/git/lab", "host:8443", "git/lab/a/b.git", true},
        Place{"gitlab-self-managed", "", "https://host:8443/git/lab", "host:8443", "git/laboratory/x", false},
        Place{"gitlab-self-managed", "", "https://host:8443/git/lab", "host", "git/lab/a", false}));

TEST_F(GitRulesTest, TheFolderOfTheWorkTreeChooses) {
  const ConnectionId work = add("Work", "github", "octo-dev");
  add("Home", "github", "mona");
  ASSERT_TRUE(rules_.add(work, {}, "/srv/no-such-folder/job"));
  GitAddress asked = at("github.com");
  asked.directory = "/srv/no-such-folder/job/repository";
  EXPECT_EQ(chosen(asked), "Work");
  asked.directory = "/srv/no-such-folder/jobs";
  EXPECT_EQ(chosen(asked), "ambiguous");
}

TEST_F(GitRulesTest, TheSameConditionsReplaceTheRule) {
  const ConnectionId work = add("Work", "github", "octo-dev"), home = add("Home", "github", "mona");
  ASSERT_TRUE(rules_.add(work, "https://github.com/octo/", {}));
  ASSERT_TRUE(rules_.add(home, "https://GITHUB.com/Octo.git", {}));
  ASSERT_EQ(rules_.list({}).size(), 1U);
  EXPECT_EQ(chosen(at("github.com", "octo/x")), "Home");
}

TEST_F(GitRulesTest, RulesGoWithTheirConnectionAndThatIsTold) {
  const ConnectionId work = add("Work", "github", "octo-dev"), home = add("Home", "github", "mona");
  ASSERT_TRUE(rules_.add(work, "https://github.com/octo", {}));
  ASSERT_TRUE(rules_.add(home, "https://github.com/mona", {}));
  EXPECT_EQ(told_, 2);
  remove(work);
  EXPECT_EQ(told_, 3);
  ASSERT_EQ(rules_.list({}).size(), 1U);
  EXPECT_EQ(rules_.list({}).front().connection, home);
}

TEST_F(GitRulesTest, ARuleForAHostThatItsConnectionDoesNotServeIsRefused) {
  const ConnectionId work = add("Work", "github", "octo-dev");
  const Result<Rule> rule = rules_.add(work, "https://gitlab.com/octo", {});
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().code, Errc::invalid_params);
  EXPECT_EQ(rule.error().field, "url");
}

TEST_F(GitRulesTest, ARelativeFolderAndNoConditionAreRefused) {
  const ConnectionId work = add("Work", "github", "octo-dev");
  EXPECT_EQ(rules_.add(work, {}, "work").error().field, "directory");
  EXPECT_EQ(rules_.add(work, {}, {}).error().code, Errc::invalid_params);
}

TEST_F(GitRulesTest, TheAmbiguitySentenceEndsWithACommandThatSettlesIt) {
  // Made within one millisecond: which one is the older is left to chance.
  const ConnectionId one = add("It's mine", "github", "octo-dev");
  const ConnectionId two = add("It's hers", "github", "mona");
  const GitAddress asked = at("github.com", "octo org/hello.git");
  const std::string sentence = rules_.ambiguity(rules_.choose(asked), asked);
  const ConnectionId named = one < two ? one : two;
  const std::string quoted_name = named == one ? "'It'\\''s mine'" : "'It'\\''s hers'";
  EXPECT_THAT(sentence,
              testing::EndsWith("forgelink use " + quoted_name + " --for https://github.com/octo%20org"));
  ASSERT_TRUE(rules_.add(named, "https://github.com/octo%20org", {}));
  EXPECT_EQ(chosen(asked), registry_->find(named)->name);
}

TEST_F(GitRulesTest, OnAServerWithASubPathTheCommandNamesTheOwnerBelowIt) {
  add("One", "gitlab-self-managed", "octo-dev", "", "https://host/git/lab");
  add("Two", "gitlab-self-managed", "mona", "", "https://host/git/lab");
  const GitAddress asked = at("host", "git/lab/group/project.git");
  EXPECT_THAT(rules_.ambiguity(rules_.choose(asked), asked),
              testing::EndsWith("--for https://host/git/lab/group"));
}

TEST_F(GitRulesTest, WhatHoldsAConnectionBackIsSaid) {
  add("Work", "github", "octo-dev");
  EXPECT_THAT(rules_.held_back(at("github.com", "o/r", "stranger")),
              testing::AllOf(testing::HasSubstr("“Work”"), testing::HasSubstr("“stranger”"),
                             testing::HasSubstr("octo-dev")));
  EXPECT_EQ(rules_.held_back(at("example.org")), "");
}

TEST_F(GitRulesTest, AThousandConnectionsAndRulesOnOneHostCostAboutAsMuchAsOne) {
  const auto time_of = [&](const GitAddress& address) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 500; ++i) rules_.choose(address);
    return std::chrono::steady_clock::now() - start;
  };
  const ConnectionId first = add("0", "github", "u0");
  const auto one = time_of(at("github.com", "owner500/x.git"));
  for (int i = 1; i < 1'000; ++i) {
    const ConnectionId id = add(std::to_string(i), "github", ("u" + std::to_string(i)).c_str());
    ASSERT_TRUE(rules_.add(i == 500 ? first : id, "https://github.com/owner" + std::to_string(i), {}));
  }
  EXPECT_EQ(chosen(at("github.com", "owner500/x.git")), "0");
  // Tens of microseconds at most, of a round trip of some hundred.
  EXPECT_LT(time_of(at("github.com", "owner500/x.git")), one + std::chrono::milliseconds(100));
}

}  // namespace
}  // namespace forgelink
