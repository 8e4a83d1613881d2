// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/url.hpp"
#include "providers/provider.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Registry, HoldsTheTypesInTheOrderInWhichTheyCame) {
  std::vector<std::string_view> ids;
  for (const Provider& provider : providers()) ids.push_back(provider.id);
  EXPECT_THAT(ids,
              ElementsAre("azure-devops", "azure-devops-server", "bitbucket", "github", "gitlab",
                          "gitlab-self-managed", "github-enterprise", "bitbucket-data-center", "forgejo"));
  for (const Provider& provider : providers()) EXPECT_EQ(find_provider(provider.id), &provider);
  EXPECT_EQ(find_provider("sourceforge"), nullptr);
  EXPECT_EQ(find_provider(""), nullptr);
}

TEST(Registry, EachTypeIsComplete) {
  static const std::set<std::string_view> known = {"name",         "username", "email",     "server_url",
                                                   "organization", "token",    "expires_at"};
  for (const Provider& provider : providers()) {
    SCOPED_TRACE(provider.id);
    EXPECT_FALSE(provider.label.empty());
    EXPECT_TRUE(provider.token_page && provider.token_trouble && provider.git_roots && provider.git_login);
    EXPECT_TRUE(provider.verify && provider.repositories && provider.commits);
    EXPECT_FALSE(provider.scopes.empty());
    for (const Scope& scope : provider.scopes) EXPECT_FALSE(scope.scope.empty() || scope.needed_for.empty());
    EXPECT_TRUE(std::any_of(provider.scopes.begin(), provider.scopes.end(),
                            [](const Scope& scope) { return scope.required; }));
    std::set<std::string_view> names;
    for (const Field& field : provider.fields) {
      EXPECT_TRUE(known.contains(field.name)) << field.name;
      EXPECT_TRUE(names.insert(field.name).second) << field.name;
      EXPECT_FALSE(field.label.empty());
      EXPECT_TRUE(field.help.ends_with('.')) << field.help;
      EXPECT_EQ(field.secret, field.name == "token");
    }
    EXPECT_TRUE(names.contains("name") && names.contains("token") && names.contains("username"));
    EXPECT_EQ(names.contains("server_url"), provider.self_hosted);
    const bool by_token_only = provider.id == "azure-devops-server" || provider.id == "bitbucket-data-center";
    EXPECT_EQ(provider.oauth == nullptr, by_token_only);
    for (const Notice& notice : provider.notices) {
      EXPECT_TRUE(parse_time(notice.date)) << notice.date;
      EXPECT_TRUE(notice.text.ends_with('.'));
      EXPECT_TRUE(origin_of(notice.url)) << notice.url;
    }
  }
}

TEST(Registry, RequiredFieldsAreThoseOfTheDesign) {
  std::set<std::pair<std::string_view, std::string_view>> required;
  for (const Provider& provider : providers()) {
    for (const Field& field : provider.fields) {
      if (field.required && field.name != "name") required.emplace(provider.id, field.name);
    }
  }
  EXPECT_THAT(required,
              ElementsAre(std::pair("azure-devops-server", "server_url"), std::pair("bitbucket", "username"),
                          std::pair("bitbucket-data-center", "server_url"),
                          std::pair("bitbucket-data-center", "username"), std::pair("forgejo", "server_url"),
                          std::pair("github-enterprise", "server_url"),
                          std::pair("gitlab-self-managed", "server_url")));
}

TEST(Registry, TheTokenPageCanBeShownBeforeAnythingIsFilledIn) {
  const Endpoints endpoints;
  const Target blank{.endpoints = &endpoints};
  for (const Provider& provider : providers()) {
    const std::string page = provider.token_page(blank);
    EXPECT_EQ(page.find("{server_url}") != std::string::npos, provider.self_hosted) << page;
    EXPECT_TRUE(provider.self_hosted || page.starts_with("https://")) << page;
  }
}

TEST(Registry, ATokenOfAnotherForgeIsNamed) {
  const std::string azure = std::string(76, 'A') + "AZDO" + "abcd";
  const std::vector<std::pair<std::string, std::string>> marks = {
      {"ghp_x", "GitHub"},      {"github_pat_x", "GitHub"}, {"gho_x", "GitHub"},
      {"ghs_x", "GitHub"},      {"glpat-x", "GitLab"},      {"gldt-x", "GitLab"},
      {"ATATT3x", "Bitbucket"}, {"ATCTT3x", "Bitbucket"},   {azure, "Azure DevOps"}};
  for (const Provider& provider : providers()) {
    for (const auto& [token, forge] : marks) {
      const auto trouble = provider.token_trouble(token);
      // The marks of Bitbucket are those of bitbucket.org; a Data Center takes none of its tokens.
      const bool own = provider.label.starts_with(forge) && provider.id != "bitbucket-data-center";
      EXPECT_EQ(trouble.has_value(), !own) << provider.id << " " << token;
      if (!trouble) continue;
      EXPECT_EQ(trouble->code, Errc::invalid_params);
      EXPECT_EQ(trouble->field, "token");
      EXPECT_THAT(lower_case(trouble->message), HasSubstr(lower_case(forge)));
      EXPECT_EQ(trouble->message.find(token), std::string::npos);
    }
    // A mark is a hint, not a test: what has none is taken.
    EXPECT_FALSE(provider.token_trouble("whatever-1234"));
    EXPECT_FALSE(provider.token_trouble(std::string(52, 'e')));
  }
}

}  // namespace
}  // namespace forgelink
