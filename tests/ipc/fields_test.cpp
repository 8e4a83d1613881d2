// SPDX-License-Identifier: MIT
#include "ipc/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink::ipc {
namespace {

struct Inner {
  std::int64_t count = 0;
  void fields(auto& f) { f.required("count", count, "How many."); }
};

struct Everything {
  std::string name;
  std::optional<std::string> note;
  Change<std::string> email;
  Limit limit;
  bool flag = true;
  std::optional<Secret> token;
  std::optional<Time> at;
  std::optional<Inner> inner;
  std::vector<std::string> kinds;
  LongText address;

  void fields(auto& f) {
    f.required("name", name, "Its name.");
    f.optional("note", note, "A note.");
    f.optional("email", email, "An address.");
    f.optional("limit", limit, "How many.");
    f.optional("flag", flag, "Yes or no.");
    f.optional("token", token, "A secret.");
    f.optional("at", at, "When.");
    f.optional("inner", inner, "More.");
    f.optional("kinds", kinds, "Which.");
    f.optional("address", address, "Where.");
  }
};

Refusal decode_text(std::string_view text, Everything& into) { return decode(json::parse(text), into, ""); }

TEST(Fields, EveryKindOfValueIsDecoded) {
  Everything e;
  const auto refusal = decode_text(
      R"({"name":"n","note":"x","email":null,"limit":7,"flag":false,"token":"t","at":"2027-02-01","inner":{"count":3},"kinds":["a","b"],"unknown":1})",
      e);
  ASSERT_FALSE(refusal) << refusal->message;
  EXPECT_EQ(e.name, "n");
  EXPECT_EQ(e.note, "x");
  EXPECT_TRUE(e.email.given);
  EXPECT_FALSE(e.email.value);
  EXPECT_EQ(e.limit.value, 7);
  EXPECT_FALSE(e.flag);
  EXPECT_EQ(e.token->reveal(), "t");
  EXPECT_EQ(rfc3339(*e.at), "2027-02-01T00:00:00Z");
  EXPECT_EQ(e.inner->count, 3);
  EXPECT_THAT(e.kinds, testing::ElementsAre("a", "b"));
}

TEST(Fields, WhatIsWrongIsNamed) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({})", "name"},
      {R"({"name":null})", "name"},
      {R"({"name":7})", "name"},
      {R"({"name":"n","limit":0})", "limit"},
      {R"({"name":"n","limit":1001})", "limit"},
      {R"({"name":"n","limit":"7"})", "limit"},
      {R"({"name":"n","flag":1})", "flag"},
      {R"({"name":"n","at":"tomorrow"})", "at"},
      {R"({"name":"n","inner":{}})", "inner.count"},
      {R"({"name":"n","inner":3})", "inner"},
      {R"({"name":"n","inner":{"count":1.5}})", "inner.count"},
      {R"({"name":"n","kinds":"a"})", "kinds"},
      {R"({"name":"n","kinds":[1]})", "kinds"},
      {R"({"name":"a\u0000b"})", "name"}};
  for (const auto& [text, field] : cases) {
    Everything e;
    const auto refusal = decode_text(text, e);
    ASSERT_TRUE(refusal) << text;
    EXPECT_EQ(refusal->code, Errc::invalid_params);
    EXPECT_EQ(refusal->field, field) << text;
  }
}

TEST(Fields, LengthsAreCountedInCharactersAndLimited) {
  const auto named = [](const std::string& name) { return json::serialize(json::object{{"name", name}}); };
  std::string wide;
  for (int i = 0; i < 255; ++i) wide += "ü";
  Everything e;
  EXPECT_FALSE(decode_text(named(wide), e));
  EXPECT_TRUE(decode_text(named(wide + "x"), e));
  EXPECT_FALSE(
      decode_text(json::serialize(json::object{{"name", "n"}, {"token", std::string(16 << 10, 'x')}}), e));
  EXPECT_TRUE(decode_text(
      json::serialize(json::object{{"name", "n"}, {"token", std::string((16 << 10) + 1, 'x')}}), e));
  EXPECT_FALSE(
      decode_text(json::serialize(json::object{{"name", "n"}, {"address", std::string(65'535, 'x')}}), e));
  EXPECT_TRUE(
      decode_text(json::serialize(json::object{{"name", "n"}, {"address", std::string(65'536, 'x')}}), e));
}

struct Answered {
  std::string text = "quote \" backslash \\ newline \n";
  std::optional<std::string> note, gone;
  bool flag = false;
  std::int64_t count = -7;
  Time at = *parse_time("2027-02-01T03:04:05Z");
  HandedOut token{Secret("to\"ken")};
  std::vector<std::string> none, some = {"a", "ü"};
  json::object data = {{"k", 1}};
  Inner inner;

  void fields(auto& f) {
    f.required("text", text, "");
    f.optional("note", note, "");
    f.absent("gone", gone, "");
    f.required("flag", flag, "");
    f.required("count", count, "");
    f.required("at", at, "");
    f.required("token", token, "");
    f.required("none", none, "");
    f.required("some", some, "");
    f.required("data", data, "");
    f.required("inner", inner, "");
  }
};

struct Nothing {
  void fields(auto&) {}
};

TEST(Fields, EveryKindOfValueIsEncodedAsJsonText) {
  Answered answered;
  std::string text;
  encode(answered, text);
  const json::value expected = {
      {"text", answered.text},        {"note", nullptr},        {"flag", false},         {"count", -7},
      {"at", "2027-02-01T03:04:05Z"}, {"token", "to\"ken"},     {"none", json::array{}}, {"some", {"a", "ü"}},
      {"data", {{"k", 1}}},           {"inner", {{"count", 0}}}};
  EXPECT_EQ(json::parse(text), expected) << text;
  Nothing nothing;
  text.clear();
  encode(nothing, text);
  EXPECT_EQ(text, "{}");
}

TEST(Fields, TheSchemaSaysWhatIsRequiredAndWhatItMeans) {
  const json::object schema = schema_of<Everything>();
  EXPECT_EQ(schema.at("required"), json::array{"name"});
  EXPECT_EQ(schema.at("properties").at("name").at("description"), "Its name.");
  EXPECT_EQ(schema.at("properties").at("limit").at("maximum"), 1000);
  EXPECT_EQ(schema.at("properties").at("token").at("format"), "password");
}

}  // namespace
}  // namespace forgelink::ipc
