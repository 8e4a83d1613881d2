// SPDX-License-Identifier: MIT
#include "ipc/rpc.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace forgelink::ipc {
namespace {

TEST(Rpc, ARequestIsReadWithItsIdKeptAsItIs) {
  for (const char* id : {"1", "\"x\"", "null", "12345678901234567890", "1.5E0", "-1"}) {
    const json::value request = json::parse(std::string(R"({"jsonrpc":"2.0","method":"m","id":)") + id + "}");
    auto read = read_call(request);
    ASSERT_TRUE(std::holds_alternative<Call>(read)) << id;
    EXPECT_EQ(std::get<Call>(read).id, json::serialize(json::parse(id)));
  }
}

TEST(Rpc, WithoutAnIdItIsANotification) {
  const json::value request = json::parse(R"({"jsonrpc":"2.0","method":"m"})");
  EXPECT_EQ(std::get<Call>(read_call(request)).id, "");
}

TEST(Rpc, WhatIsNoRequestIsAnInvalidOne) {
  for (const char* text :
       {"1", "[]", "{}", R"({"jsonrpc":"2.0"})", R"({"jsonrpc":"1.0","method":"m"})",
        R"({"jsonrpc":"2.0","method":1})", R"({"jsonrpc":"2.0","method":"m","params":"bar"})",
        R"({"jsonrpc":"2.0","method":"m","id":{}})"}) {
    const json::value request = json::parse(text);
    auto read = read_call(request);
    ASSERT_TRUE(std::holds_alternative<Faulty>(read)) << text;
    EXPECT_EQ(std::get<Faulty>(read).fault, RpcFault::invalid_request);
  }
}

TEST(Rpc, WhatTheSystemNamesWithoutUtf8IsMended) {
  const Error error{.code = Errc::database_failed, .message = "/home/me/\xe9t\xe9 cannot be written."};
  for (const std::string& line :
       {response("1", JsonText{"{\"program\":\"/opt/\xff\"}"}), response("1", error)}) {
    EXPECT_TRUE(is_utf8(line)) << line;
    EXPECT_NO_THROW(json::parse(line)) << line;
  }
}

TEST(Rpc, AnErrorCarriesItsKindAndAllThatHelps) {
  const Error error{.code = Errc::rate_limited,
                    .message = "Wait.",
                    .field = "f",
                    .hint = "h",
                    .url = "u",
                    .retry_after = std::chrono::seconds(7),
                    .details = {{"more", 1}}};
  const json::value response_json = json::parse(response("3", error));
  const json::value expected = json::parse(
      R"({"jsonrpc":"2.0","id":3,"error":{"code":-32000,"message":"Wait.","data":{"more":1,"kind":"rate_limited","field":"f","hint":"h","url":"u","retry_after":7}}})");
  EXPECT_EQ(response_json, expected);
  EXPECT_EQ(code_of(Errc::invalid_params), -32602);
  EXPECT_EQ(code_of(Errc::internal), -32603);
}

}  // namespace
}  // namespace forgelink::ipc
