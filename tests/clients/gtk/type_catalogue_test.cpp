// SPDX-License-Identifier: MIT
#include "clients/gtk/type_catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink::gtk {
namespace {

protocol::TypeList::Reply types_with(protocol::TypeList::TypeView type) {
  type.id = "x";
  type.label = "Forge X";
  return {.types = {std::move(type)}};
}

TEST(TypeCatalogue, TakesTheMethodsThatTheDaemonNames) {
  TypeCatalogue types;
  types.fill(
      types_with({.sign_in_label = "Enter", .sign_in = {"pat", "oauth"}, .sign_in_methods = {"browser"}}));
  const ConnectionType* type = types.find("x");
  ASSERT_NE(type, nullptr);
  EXPECT_TRUE(type->has_token && type->has_sign_in);
  EXPECT_TRUE(type->has_method("browser"));
  EXPECT_FALSE(type->has_method("device"));
  EXPECT_EQ(type->sign_in_label, "Enter");
}

TEST(TypeCatalogue, GivesASignInWithoutALabelOne) {
  TypeCatalogue types;
  types.fill(types_with({.sign_in = {"oauth"}}));
  EXPECT_EQ(types.find("x")->sign_in_label, "Sign in with Forge X");
}

TEST(TypeCatalogue, TellsAChangeOnceAndTheSameNotAgain) {
  TypeCatalogue types;
  int told = 0;
  types.signal_changed().connect([&] { ++told; });
  types.fill(types_with({.sign_in = {"pat"}}));
  types.fill(types_with({.sign_in = {"pat"}}));
  EXPECT_EQ(told, 1);
}

TEST(TypeCatalogue, NamesATypeThatItDoesNotKnowByItsId) {
  EXPECT_EQ(TypeCatalogue().label_of("strange"), "strange");
}

}  // namespace
}  // namespace forgelink::gtk
