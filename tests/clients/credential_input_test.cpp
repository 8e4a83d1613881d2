// SPDX-License-Identifier: MIT
#include "clients/git_credential/credential_input.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace forgelink {
namespace {

namespace json = boost::json;

json::object parsed(std::string_view input) {
  std::string why;
  const auto result = parse_credential(input, why);
  EXPECT_TRUE(result) << why;
  return result ? result->params : json::object();
}

TEST(CredentialInput, AllAttributesOfTheNewestGitAreRead) {
  const json::object params = parsed(
      "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=example.com:8443\npath=a/"
      "b=c\nusername=me\npassword=p w\npassword_expiry_utc=1790000000\noauth_refresh_token=r\n"
      "wwwauth[]=Basic realm=\"x\"\nwwwauth[]=Bearer\nephemeral=1\nunknown=ignored\n\nafter=the end\n");
  const json::object expected =
      json::parse(
          R"({"capabilities":["authtype","state"],"protocol":"https","host":"example.com:8443","path":"a/b=c","username":"me","password":"p w",
    "password_expiry_utc":1790000000,"oauth_refresh_token":"r","wwwauth":["Basic realm=\"x\"","Bearer"],"ephemeral":true})")
          .as_object();
  EXPECT_EQ(params, expected);
}

TEST(CredentialInput, TheLastOfARepeatedKeyCountsAndAnEmptyListBeginsAnew) {
  const json::object params =
      parsed("host=a\nhost=b\nwwwauth[]=x\nwwwauth[]=\nwwwauth[]=y\npassword_expiry_utc=soon\n");
  EXPECT_EQ(params.at("host"), "b");
  EXPECT_EQ(params.at("wwwauth"), json::array{"y"});
  EXPECT_FALSE(params.contains("password_expiry_utc"));
}

TEST(CredentialInput, InputMayEndWithoutANewlineOrBeEmpty) {
  EXPECT_EQ(parsed("host=a").at("host"), "a");
  EXPECT_TRUE(parsed("").empty());
  EXPECT_TRUE(parsed("\nhost=a\n").empty());
}

TEST(CredentialInput, TheLongestLineThatGitWritesIsReadAndNeedlessChallengesPassedOver) {
  const std::string longest(65'534 - 10, 'a');
  const json::object params = parsed("wwwauth[]=" + longest + "\nwwwauth[]=Basic\npath=" + longest + "\n");
  EXPECT_EQ(params.at("wwwauth"), json::array{"Basic"});
  EXPECT_EQ(params.at("path").as_string().size(), longest.size());
}

TEST(CredentialInput, OfVeryManyChallengesTheFirstAreKept) {
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "wwwauth[]=Basic\n";
  EXPECT_EQ(parsed(many).at("wwwauth").as_array().size(), most_list_values);
}

TEST(CredentialInput, WhatGitWouldNotWriteIsRefused) {
  const std::string nul("host=a\0b\n", 9);
  for (const std::string& input :
       {std::string("host=a\r\n"), nul, std::string("host\n"), std::string("=a\n"),
        std::string("host=\x1b\n"), std::string("host=\xff\n"), std::string("host=\xc0\xaf\n"),
        std::string("host=\xed\xa0\x80\n"), "host=" + std::string(65'535, 'a') + "\n",
        std::string(longest_credential_input + 1, 'a')}) {
    std::string why;
    EXPECT_FALSE(parse_credential(input, why));
    EXPECT_TRUE(why.ends_with(".")) << why;
  }
}

}  // namespace
}  // namespace forgelink
