// SPDX-License-Identifier: MIT
#include "clients/cli/import/parsers.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "clients/cli/import/files.hpp"
#include "clients/cli/import/sources.hpp"
#include "clients/cli/import/yaml.hpp"

namespace forgelink::cli {
namespace {

// What is left of a text when everything found in it is cut out.
std::string rest(std::string_view text, Parser parse) {
  std::vector<Cut> cuts;
  for (const Found& found : parse(text).found) cuts.insert(cuts.end(), found.cuts.begin(), found.cuts.end());
  return std::string(without(text, cuts).reveal());
}

TEST(GitStore, ReadsWhatGitWrites) {
  const Parsed parsed =
      parse_git_store("https://octo-dev:p%40ss%2fw%25rd@github.com\nhttp://mona:x@127.0.0.1:8080/a/b.git\n");
  ASSERT_EQ(parsed.found.size(), 2u);
  EXPECT_EQ(parsed.found[0].host, "github.com");
  EXPECT_EQ(parsed.found[0].username, "octo-dev");
  EXPECT_EQ(parsed.found[0].token.reveal(), "p@ss/w%rd");
  EXPECT_EQ(parsed.found[1].scheme, "http");
  EXPECT_EQ(parsed.found[1].host, "127.0.0.1:8080");
  EXPECT_EQ(parsed.found[1].path, "a/b.git");
  EXPECT_TRUE(parsed.trouble.empty());
}

TEST(GitStore, ATokenInTheUsersPlaceIsNoUserName) {
  for (const char* line :
       {"https://ghp_0123456789abcdef:x-oauth-basic@github.com", "https://ghp_0123456789abcdef@github.com",
        "https://ghp_0123456789abcdef:x@github.com", "https://ghp_0123456789abcdef:@github.com"}) {
    const Parsed parsed = parse_git_store(line);
    ASSERT_EQ(parsed.found.size(), 1u) << line;
    EXPECT_EQ(parsed.found[0].username, "") << line;
    EXPECT_EQ(parsed.found[0].token.reveal(), "ghp_0123456789abcdef") << line;
  }
}

TEST(GitStore, AnAddressIsAnEmailAndControlCharactersAreNoName) {
  EXPECT_EQ(parse_git_store("https://dev%40example.org:t@bitbucket.org").found.at(0).email,
            "dev@example.org");
  EXPECT_EQ(parse_git_store("https://a%1b%5b31m:t@github.com").found.at(0).username, "");
  EXPECT_EQ(parse_git_store("https://%ff%fe:t@github.com").found.at(0).username, "");
}

TEST(GitStore, WhatIsNoCredentialIsCountedAndLeftAlone) {
  const Parsed parsed = parse_git_store(
      "nonsense\n\n# a note\nhttps://github.com\nhttps://u:p@\nhttps://u:p@ho "
      "st\nssh://u:p@h\nhttps://u:p@h\r\n");
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_EQ(parsed.found[0].token.reveal(), "p");
  EXPECT_EQ(parsed.trouble, "4 lines of it are no credentials.");
  EXPECT_EQ(rest("# a\nhttps://u:p@h\nnonsense", parse_git_store), "# a\nnonsense");
  EXPECT_EQ(rest("https://u:p@h", parse_git_store), "");
}

TEST(Netrc, ReadsMachinesOnOneLineOrSeveral) {
  constexpr std::string_view text =
      "# work\nmachine github.com login octo-dev password ghp_1\nmachine gitlab.com\n  login mona\n  account "
      "a\n"
      "  password \"with \\\" space\"\n\nmacdef init\ncd /tmp\nmachine not.one login x password y\n\ndefault "
      "login anonymous password me\n";
  const Parsed parsed = parse_netrc(text);
  ASSERT_EQ(parsed.found.size(), 2u);
  EXPECT_EQ(parsed.found[0].host, "github.com");
  EXPECT_EQ(parsed.found[0].username, "octo-dev");
  EXPECT_EQ(parsed.found[1].username, "mona");
  EXPECT_EQ(parsed.found[1].token.reveal(), "with \" space");
  EXPECT_EQ(rest(text, parse_netrc),
            "# work\n\nmacdef init\ncd /tmp\nmachine not.one login x password y\n\ndefault login anonymous "
            "password me\n");
}

TEST(Netrc, NonsenseIsASentence) {
  EXPECT_FALSE(parse_netrc("what is this").trouble.empty());
  EXPECT_FALSE(parse_netrc("machine").trouble.empty());
  EXPECT_TRUE(parse_netrc("").found.empty());
  EXPECT_TRUE(parse_netrc("machine h login u").found.empty());
  EXPECT_TRUE(parse_netrc("macdef forever").found.empty());
  EXPECT_EQ(parse_netrc("machine h password \"open").found.at(0).token.reveal(), "open");
  EXPECT_EQ(parse_netrc("machine h password \"x\\").found.size(), 1u);
}

constexpr std::string_view gh_hosts =
    "# by gh\ngithub.com:\n    git_protocol: https\n    users:\n        mona:\n            oauth_token: "
    "gho_2\n        octo-dev:\n"
    "            oauth_token: gho_1 # in use\n    user: octo-dev\n    oauth_token: gho_1\n";

TEST(Gh, ReadsAllAccountsOfAHost) {
  const Parsed parsed = parse_gh(gh_hosts);
  ASSERT_EQ(parsed.found.size(), 3u);
  EXPECT_EQ(parsed.found[0].username, "mona");
  EXPECT_EQ(parsed.found[0].token.reveal(), "gho_2");
  EXPECT_EQ(parsed.found[2].username, "octo-dev");
  EXPECT_EQ(parsed.found[2].token.reveal(), "gho_1");
  EXPECT_EQ(rest(gh_hosts, parse_gh),
            "# by gh\ngithub.com:\n    git_protocol: https\n    users:\n        mona:\n        octo-dev:\n   "
            " user: octo-dev\n");
}

TEST(Gh, TakesTokensOutOfEveryWayToWriteThem) {
  EXPECT_EQ(rest("github.com: {user: x, oauth_token: \"t\", a: b}\n", parse_gh),
            "github.com: {user: x, oauth_token: \"\", a: b}\n");
  EXPECT_EQ(rest("gïthub: ü\ngithub.com:\n  oauth_token: 't'\r\n  user: x\n", parse_gh),
            "gïthub: ü\ngithub.com:\n  user: x\n");
  EXPECT_EQ(rest("github.com:\n  oauth_token: |\n    t\n  user: x\n", parse_gh), "github.com:\n  user: x\n");
  EXPECT_EQ(rest("github.com:\n  user: x\n  oauth_token: t", parse_gh), "github.com:\n  user: x\n");
}

TEST(Gh, ATokenThatRenewsItselfCannotBeUsed) {
  const Parsed parsed = parse_gh(
      "github.com:\n  users:\n    mona:\n      refreshable_oauth_token:\n        access_token: ghu_1\n       "
      " refresh_token: ghr_1\n");
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_EQ(parsed.found[0].username, "mona");
  EXPECT_FALSE(parsed.found[0].cannot.empty());
}

TEST(Glab, ReadsHostsAndWhereTheyReallyAre) {
  constexpr std::string_view text =
      "git_protocol: ssh\n# Configuration specific for GitLab instances.\nhosts:\n    gitlab.com:\n        # "
      "Your GitLab access token.\n        token: glpat-1\n"
      "        user: octo-dev\n    lab.example:\n        token: !!null glpat-2\n        api_host: "
      "lab.example:8443\n        api_protocol: http\n        subfolder: git/lab\n"
      "    oauth.example:\n        token: x\n        is_oauth2: \"true\"\n    none.example:\n        "
      "token:\n";
  const Parsed parsed = parse_glab(text);
  ASSERT_EQ(parsed.found.size(), 3u);
  EXPECT_EQ(parsed.found[0].username, "octo-dev");
  EXPECT_EQ(parsed.found[0].token.reveal(), "glpat-1");
  EXPECT_EQ(parsed.found[1].host, "lab.example:8443");
  EXPECT_EQ(parsed.found[1].scheme, "http");
  EXPECT_EQ(parsed.found[1].path, "git/lab");
  EXPECT_EQ(parsed.found[1].token.reveal(), "glpat-2");
  EXPECT_FALSE(parsed.found[2].cannot.empty());
  EXPECT_TRUE(parse_glab(rest(text, parse_glab)).found.empty());
}

TEST(Yaml, NonsenseIsASentence) {
  for (const std::string text : {"a: [", "\t- x: \"", "- just\n- a list\n", "words only", "a: &x {b: *x}\n",
                                 "\xff\xfe\x00", "a: \x01"}) {
    std::string why;
    const auto leaves = yaml_leaves(text, why);
    EXPECT_TRUE(!leaves || leaves->empty()) << text;
    EXPECT_EQ(leaves.has_value(), why.empty()) << text;
  }
  std::string deep, bomb = "a0: &a0 {x: y}\n", why;
  for (int i = 0; i < 5000; ++i) deep += "{a: ";
  EXPECT_FALSE(yaml_leaves(deep + std::string(5000, '}'), why).has_value());
  for (int i = 1; i < 11; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {";
    for (int j = 0; j < 9; ++j) bomb += "k" + std::to_string(j) + ": " + before + ", ";
    bomb += "}\n";
  }
  why.clear();
  EXPECT_FALSE(yaml_leaves(bomb, why).has_value());
  EXPECT_FALSE(why.empty());
  why.clear();
  EXPECT_TRUE(yaml_leaves("", why)->empty());
}

// Broken in a thousand ways, always the same ones: nothing is read or cut outside of the text.
TEST(Parsers, StayInsideTheTextWhateverIsInIt) {
  std::mt19937 dice(4711);
  const std::pair<Parser, std::string> samples[] = {
      {parse_gh, std::string(gh_hosts)},
      {parse_glab,
       "hosts:\n  a.example: {token: \"t\\n\", user: 'x'}\n  b.example:\n    token: |\n      t\n"},
      {parse_git_store, "https://u%20:p%zz@h/%\nhttp://a:b@[::1]:80/x\n"},
      {parse_netrc, "machine h login \"u\\\"\" password p # c\nmacdef m\nx\n\nmachine i password q\n"}};
  for (const auto& [parse, sample] : samples) {
    for (int round = 0; round < 1000; ++round) {
      std::string text = sample;
      for (int change = 0; change < 3; ++change) {
        constexpr std::string_view odd = "\n\r\t :{}[]\"'#%@/\\|&*!-\0\xff\xc3";
        const std::size_t at = dice() % text.size();
        dice() % 2 == 0 ? text.erase(at, 1 + dice() % 3) : text.insert(at, 1, odd[dice() % odd.size()]);
        if (text.empty()) text = "x";
      }
      std::vector<Cut> cuts;
      for (const Found& found : parse(text).found) {
        EXPECT_FALSE(found.token.empty());
        for (const Cut& cut : found.cuts) {
          ASSERT_LE(cut.begin, cut.end) << text;
          ASSERT_LE(cut.end, text.size()) << text;
          cuts.push_back(cut);
        }
      }
      parse(without(text, cuts).reveal());
    }
  }
}

TEST(StoreFiles, AreThoseThatGitIsToldOf) {
  const std::string settings(
      "credential.helper\nstore --file=/a/b\0credential.https://x.helper\nstore --file '/with space/c'\0"
      "credential.helper\ncache --timeout 9\0credential.helper\n\0credential.helper\nstore\0",
      151);
  const auto files = store_files(settings);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0], "/a/b");
  EXPECT_EQ(files[1], "/with space/c");
}

TEST(Hosts, AreHosts) {
  for (const char* good : {"github.com", "127.0.0.1:80", "[::1]:80", "a_b.c"})
    EXPECT_TRUE(is_host(good)) << good;
  for (const char* bad : {"", "a b", "a/b", "a@b", ":80", "\x1b", "-x"}) EXPECT_FALSE(is_host(bad)) << bad;
}

constexpr const char* gh_token = "ghp_0123456789abcdef0123456789abcdef0123";

TEST(Netrc, ATokenMayStandInTheLoginsPlace) {
  const Parsed parsed = parse_netrc("machine github.com login ghp_0123456789abcdef0123456789abcdef0123\n");
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_EQ(parsed.found[0].token.reveal(), gh_token);
  EXPECT_EQ(parsed.found[0].username, "");
}

TEST(Netrc, AMachineWithoutAPasswordIsNoFinding) {
  EXPECT_TRUE(parse_netrc("machine github.com login octo-dev\n").found.empty());
}

TEST(Netrc, UnknownWordsArePassedOver) {
  const Parsed parsed = parse_netrc(
      "machine h.example protocol https something login u password p\nmachine b login v password q");
  ASSERT_EQ(parsed.found.size(), 2u);
  EXPECT_EQ(parsed.found[0].token.reveal(), "p");
  EXPECT_EQ(parsed.trouble, "");
}

TEST(Netrc, APortMayBeANameOrTheUsualNumber) {
  EXPECT_EQ(parse_netrc("machine h port https login u password p").found.at(0).host, "h");
  EXPECT_EQ(parse_netrc("machine h port 443 login u password p").found.at(0).host, "h");
  EXPECT_EQ(parse_netrc("machine h port 8443 login u password p").found.at(0).host, "h:8443");
}

TEST(Netrc, APasswordWithoutAValueEndsWithItsLine) {
  const Parsed parsed = parse_netrc("machine a login u password\nmachine b login v password q\n");
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_EQ(parsed.found[0].host, "b");
}

TEST(Netrc, AMacroMayEndWithCrLf) {
  const Parsed parsed = parse_netrc("macdef init\r\ncd /pub\r\n\r\nmachine b login v password q\r\n");
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_EQ(parsed.found[0].token.reveal(), "q");
}

TEST(Netrc, ADefaultIsTold) {
  EXPECT_TRUE(parse_netrc("default login u password p").has_default);
  EXPECT_FALSE(parse_netrc("machine a login u password p").has_default);
}

TEST(Gcm, APlainTextFileIsRead) {
  const std::string text = std::string(gh_token) + "\nservice=https://github.com\naccount=octo-dev\n";
  const Parsed parsed = parse_gcm(text);
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_EQ(parsed.found[0].host, "github.com");
  EXPECT_EQ(parsed.found[0].username, "octo-dev");
  EXPECT_EQ(parsed.found[0].token.reveal(), gh_token);
  EXPECT_EQ(rest(text, parse_gcm), "");
}

TEST(Gcm, ARefreshTokenSaysWhyItCannotBeImported) {
  const Parsed parsed = parse_gcm("rt\nservice=https://gitlab.com/refresh_token\naccount=octo-dev\n");
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_NE(parsed.found[0].cannot, "");
}

TEST(Gcm, WhatIsNoCredentialIsTold) {
  EXPECT_NE(parse_gcm("nonsense").trouble, "");
  EXPECT_NE(parse_gcm("").trouble, "");
}

TEST(Glab, AHostMayHaveASubFolderOrBeAnAddress) {
  const Parsed parsed =
      parse_glab("hosts:\n  example.org/gitlab:\n    token: a\n  http://lab.example:8080:\n    token: b\n");
  ASSERT_EQ(parsed.found.size(), 2u);
  EXPECT_EQ(parsed.found[0].host, "example.org");
  EXPECT_EQ(parsed.found[0].path, "gitlab");
  EXPECT_EQ(parsed.found[1].scheme, "http");
  EXPECT_EQ(parsed.found[1].host, "lab.example:8080");
}

TEST(Glab, AnApiHostMayHaveAPath) {
  const Parsed parsed =
      parse_glab("hosts:\n  lab.example:\n    api_host: api.example/gitlab\n    token: a\n");
  ASSERT_EQ(parsed.found.size(), 1u);
  EXPECT_EQ(parsed.found[0].host, "api.example");
  EXPECT_EQ(parsed.found[0].path, "gitlab");
}

TEST(Glab, AHostThatIsNoneIsTold) {
  const Parsed parsed = parse_glab("hosts:\n  \"no host\":\n    token: a\n");
  EXPECT_TRUE(parsed.found.empty());
  EXPECT_NE(parsed.trouble, "");
}

}  // namespace
}  // namespace forgelink::cli
