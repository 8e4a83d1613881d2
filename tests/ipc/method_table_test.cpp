// SPDX-License-Identifier: MIT
#include "ipc/method_table.hpp"

#include <gtest/gtest.h>

namespace forgelink::ipc {
namespace {

struct Echo {
  static constexpr std::string_view name = "test.echo";
  static constexpr std::string_view summary = "Say it again.";
  struct Params {
    std::string text;
    void fields(auto& f) { f.required("text", text, "What to say."); }
  };
  struct Reply {
    std::string text;
    std::optional<std::string> absent;
    void fields(auto& f) {
      f.required("text", text, "What was said.");
      f.absent("absent", absent, "Never there.");
    }
  };
  Result<Reply> call(Params params) const { return Reply{.text = std::move(params.text)}; }
};

class Nobody : public Peer {
  void notify(std::shared_ptr<const std::string>) override {}
  bool is_gone() const override { return false; }
};

TEST(MethodTable, CallsWithDecodedParametersAndEncodesTheReply) {
  MethodTable table;
  table.add(Echo{});
  Nobody peer;
  auto outcome = table.find("test.echo")->invoke(json::object{{"text", "hello"}}, peer);
  EXPECT_EQ(std::get<Answer>(outcome).value().text, R"({"text":"hello"})");
  outcome = table.find("test.echo")->invoke(json::object{}, peer);
  EXPECT_EQ(std::get<Answer>(outcome).error().field, "text");
  outcome = table.find("test.echo")->invoke(json::array{"hello"}, peer);
  EXPECT_EQ(std::get<Answer>(outcome).error().code, Errc::invalid_params);
  EXPECT_EQ(table.find("test.other"), nullptr);
}

TEST(MethodTable, DescribesItselfAsOpenRpc) {
  MethodTable table;
  table.add(Echo{});
  const json::object document = table.describe("Test", "1");
  EXPECT_EQ(document.at("openrpc"), "1.3.2");
  EXPECT_EQ(document.at("methods").as_array().size(), 2u);
  const json::value& echo = document.at("methods").as_array()[0];
  EXPECT_EQ(echo.at("params").as_array()[0].at("required"), true);
  EXPECT_EQ(echo.at("result").at("schema").at("properties").at("text").at("type"), "string");
}

}  // namespace
}  // namespace forgelink::ipc
