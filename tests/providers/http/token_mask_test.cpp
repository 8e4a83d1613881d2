// SPDX-License-Identifier: MIT
#include "providers/http/token_mask.hpp"

#include <gtest/gtest.h>

#include "providers/http/basic.hpp"

namespace forgelink::http {
namespace {

constexpr std::string_view token = "ghp_abc+defGHI/0123456789";

TEST(TokenMask, EverySpellingThatWasSentIsMaskedAndLengthsStay) {
  const Secret secret(token);
  const TokenMask mask(secret);
  for (const char* user : {"", "a", "ab", "abc", "octo-dev"}) {
    const Secret sent = basic_credentials(user, token);
    std::string text = "token " + std::string(token) + " ghp_abc%2BdefGHI%2F0123456789 Basic " +
                       std::string(sent.reveal()) + " end";
    const std::size_t size = text.size();
    mask.mask(text);
    EXPECT_EQ(text.size(), size);
    EXPECT_EQ(text.find(token), std::string::npos);
    EXPECT_EQ(text.find("%2BdefGHI"), std::string::npos);
    // What is left of the credentials is the user name and a letter on either side.
    EXPECT_EQ(text.find(sent.reveal().substr(sent.size() / 2, 12)), std::string::npos) << user;
    EXPECT_TRUE(text.ends_with(" end"));
  }
}

TEST(TokenMask, ATokenCutBetweenTwoPiecesIsFound) {
  const Secret secret(token);
  const std::string whole = "before " + std::string(token) + " after";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    TokenMask mask(secret);
    std::string out = mask.next(std::string_view(whole).substr(0, cut));
    out += mask.next(std::string_view(whole).substr(cut));
    out += mask.rest();
    EXPECT_EQ(out, "before " + std::string(token.size(), '*') + " after") << cut;
  }
}

TEST(TokenMask, WhatHoldsNoTokenComesOutAsItWentIn) {
  const Secret secret(token);
  TokenMask mask(secret);
  std::string out;
  for (int i = 0; i < 1000; ++i) out += mask.next("piece " + std::to_string(i) + "\n");
  out += mask.rest();
  std::string wanted;
  for (int i = 0; i < 1000; ++i) wanted += "piece " + std::to_string(i) + "\n";
  EXPECT_EQ(out, wanted);
}

TEST(TokenMask, AWordTooShortForATokenMasksNothing) {
  const Secret secret("abc");
  TokenMask mask(secret);
  EXPECT_EQ(mask.next("abcabc") + mask.rest(), "abcabc");
}

}  // namespace
}  // namespace forgelink::http
