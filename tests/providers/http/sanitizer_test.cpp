// SPDX-License-Identifier: MIT
#include "providers/http/sanitizer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/url.hpp"
#include "providers/http/basic.hpp"

namespace forgelink::http {
namespace {

const std::string sent_token = "ATATT3xFfGF0/tok+en=for~tests-0123456789";

std::string basic(const std::string& user) {
  return std::string(basic_credentials(user, sent_token).reveal());
}

std::string lower_hex(std::string text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '%') text[i + 2] = static_cast<char>(std::tolower(text[i + 2]));
  }
  return text;
}

std::string with_slashes_escaped(std::string text) {
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 2))
    text.insert(at, "\\");
  return text;
}

std::string for_urls(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

class Spelling : public testing::TestWithParam<std::string> {};

TEST_P(Spelling, IsTakenOutOfATextAndOfABody) {
  const Sanitizer sanitizer(sent_token);
  EXPECT_EQ(sanitizer.clean("header " + GetParam() + " was sent"), "header … was sent");
  Reply reply{.status = 400,
              .headers = {{"location", "/x?t=" + GetParam()}},
              .body = "{\"m\": \"" + GetParam() + "\"}"};
  sanitizer.clean(reply);
  EXPECT_EQ(reply.body, "{\"m\": \"…\"}");
  EXPECT_EQ(reply.header("location"), "/x?t=…");
}

INSTANTIATE_TEST_SUITE_P(All, Spelling,
                         testing::Values(sent_token, percent_encoded(sent_token),
                                         lower_hex(percent_encoded(sent_token)), basic(""), basic("a"),
                                         basic("ab"), basic("dev@example.org"), for_urls(basic("ab"))));

TEST(Sanitizer, Base64InJsonWithEscapedSlashesIsFound) {
  for (const char* user : {"", "a", "ab"}) {
    const std::string cleaned = Sanitizer(sent_token).clean("x " + with_slashes_escaped(basic(user)) + " y");
    EXPECT_EQ(cleaned.find(basic(user).substr(8, 16)), std::string::npos) << cleaned;
  }
}

TEST(Sanitizer, APieceOfATokenThatWasCutIsFoundInAShortText) {
  const Sanitizer sanitizer(sent_token);
  EXPECT_EQ(sanitizer.clean("cut: " + sent_token.substr(0, 20)), "cut: …");
  EXPECT_EQ(sanitizer.clean("cut: " + sent_token.substr(10)), "cut: …");
  EXPECT_EQ(sanitizer.clean("cut: " + sent_token.substr(0, 8)), "cut: " + sent_token.substr(0, 8))
      << "a prefix is no secret";
}

TEST(Sanitizer, OtherTextStaysAsItIs) {
  EXPECT_EQ(Sanitizer(sent_token).clean("Bad credentials"), "Bad credentials");
  EXPECT_EQ(Sanitizer("").clean("Bad credentials"), "Bad credentials");
  EXPECT_EQ(Sanitizer("Bad").clean("Bad credentials"), "Bad credentials") << "too short to be a token";
}

TEST(Sanitizer, ARunOfFewLettersIsNoPieceOfAToken) {
  const std::string link =
      "<https://git.example/commits?sha=" + std::string(40, '0') + "&page=3>; rel=\"next\"";
  EXPECT_EQ(Sanitizer("ghp_good" + std::string(35, '0') + "1").clean(link), link);
}

TEST(Sanitizer, FindsEveryOne) {
  EXPECT_EQ(Sanitizer(sent_token).clean(sent_token + sent_token + " " + sent_token), "…… …");
}

TEST(Sanitizer, AnAddressThatSharesAPieceWithATokenOfLittleVarietyStaysAsItIs) {
  const std::string zeros(40, '0');
  Reply reply{.status = 200, .headers = {{"link", "<https://h/?sha=" + zeros + ">"}}, .body = zeros};
  Sanitizer("ghp_good" + zeros.substr(0, 30) + "1").clean(reply);
  EXPECT_EQ(reply.header("link"), "<https://h/?sha=" + zeros + ">");
  EXPECT_EQ(reply.body, zeros);
}

}  // namespace
}  // namespace forgelink::http
