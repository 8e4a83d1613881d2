// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "daemon/lists/forge_lists.hpp"

namespace forgelink {
namespace {

TEST(AuthorDisplay, WithAUserNameOnTheConnectionTheUserNameElseTheName) {
  Connection c{.username = "octo"};
  EXPECT_EQ(author_display({.author_name = "N", .author_email = "e", .author_username = "u"}, c), "u");
  EXPECT_EQ(author_display({.author_name = "N", .author_email = "e"}, c), "N");
  EXPECT_EQ(author_display({.author_email = "e"}, c), "e");
  EXPECT_EQ(author_display({}, c), "unknown");
}

TEST(AuthorDisplay, WithoutOneTheAddress) {
  const Connection c;
  EXPECT_EQ(author_display({.author_name = "N", .author_email = "e", .author_username = "u"}, c), "e");
  EXPECT_EQ(author_display({.author_name = "N"}, c), "N");
  EXPECT_EQ(author_display({}, c), "unknown");
}

TEST(AuthorDisplay, TheConnectionsOwnAddressIsAKnownUserName) {
  Connection c{.username = "octo", .email = "Me@Example.org"};
  EXPECT_EQ(author_display({.author_name = "N", .author_email = "me@example.ORG"}, c), "octo");
  c.account = Account{.id = "1", .login = "octo-login", .email = "other@example.org"};
  EXPECT_EQ(author_display({.author_name = "N", .author_email = "other@example.org"}, c), "octo-login");
}

}  // namespace
}  // namespace forgelink
