// SPDX-License-Identifier: MIT
#include "ipc/protocol/access_place.hpp"

#include <gtest/gtest.h>

namespace forgelink::protocol {
namespace {

TEST(AccessPlace, APathFollowsItsHostAfterOneSlash) {
  EXPECT_EQ(access_place("git.example", "owner/name"), "git.example/owner/name");
  EXPECT_EQ(access_place("git.example", "/owner/name"), "git.example/owner/name");
}

TEST(AccessPlace, ARequestFollowsItsHostAfterABlank) {
  EXPECT_EQ(access_place("api.example", "GET /user"), "api.example GET /user");
}

TEST(AccessPlace, WhatIsNotKnownIsLeftOut) {
  EXPECT_EQ(access_place("git.example", std::nullopt), "git.example");
  EXPECT_EQ(access_place(std::nullopt, "owner/name"), "owner/name");
  EXPECT_EQ(access_place(std::nullopt, ""), "");
}

}  // namespace
}  // namespace forgelink::protocol
