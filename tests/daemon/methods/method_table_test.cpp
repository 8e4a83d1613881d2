// SPDX-License-Identifier: MIT
// What holds for every method, by the table itself: a method that is added is tested with the others.
#include "daemon/methods/method_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

namespace json = boost::json;

class MethodTableTest : public testing::Test, public ServicesFixture {
 protected:
  struct Parameter {
    std::string name, type;
    bool required = false;
  };
  struct Described {
    std::string name;
    std::vector<Parameter> parameters;
  };

  std::vector<Described> described() const {
    std::vector<Described> all;
    const json::object document = methods.describe("Test", "1");
    for (const json::value& method : document.at("methods").as_array()) {
      Described one{.name = std::string(method.at("name").as_string()), .parameters = {}};
      if (one.name == "rpc.discover") continue;
      for (const json::value& parameter : method.at("params").as_array())
        one.parameters.push_back({.name = std::string(parameter.at("name").as_string()),
                                  .type = type_of(parameter.at("schema")),
                                  .required = parameter.at("required").as_bool()});
      all.push_back(std::move(one));
    }
    return all;
  }
  static std::string type_of(const json::value& schema) {
    const json::value& type = schema.at("type");
    return std::string((type.is_array() ? type.as_array().front() : type).as_string());
  }

  static json::value sample(const std::string& type) {
    if (type == "integer") return 1;
    if (type == "boolean") return false;
    if (type == "array") return json::array{"x"};
    if (type == "object") return json::object();
    return "x";
  }
  static json::value wrong(const std::string& type) {
    if (type == "string") return 7;
    return "x";
  }
  static json::object required_of(const Described& method) {
    json::object params;
    for (const Parameter& one : method.parameters) {
      if (one.required) params[one.name] = sample(one.type);
    }
    return params;
  }
};

TEST_F(MethodTableTest, HoldsTheMethodsOfTheContract) {
  for (const char* name : {"daemon.status",    "type.list",         "connection.add",    "connection.list",
                           "connection.get",   "connection.update", "connection.remove", "connection.verify",
                           "sign_in.start",    "sign_in.wait",      "sign_in.cancel",    "sign_in.complete",
                           "repository.list",  "commit.list",       "credential.get",    "credential.store",
                           "credential.erase", "token.purge",       "event.subscribe",   "oauth_app.set",
                           "oauth_app.list",   "oauth_app.remove",  "token.revoke",      "token.renew",
                           "rule.add",         "rule.list",         "rule.remove",       "credential.explain",
                           "access.list",      "access.answer",     "access.grants",     "access.revoke",
                           "daemon.lock",      "daemon.unlock",     "forge.request",     "lend.start",
                           "lend.list",        "lend.end"})
    EXPECT_NE(methods.find(name), nullptr) << name;
}

TEST_F(MethodTableTest, AParameterOfAnotherTypeIsNamed) {
  for (const Described& method : described()) {
    for (const Parameter& parameter : method.parameters) {
      SCOPED_TRACE(method.name + " " + parameter.name);
      json::object params = required_of(method);
      params[parameter.name] = wrong(parameter.type);
      const Reply reply = call(method.name, params);
      ASSERT_THAT(reply, FailsWith(Errc::invalid_params));
      EXPECT_EQ(reply.error().field, parameter.name);
    }
  }
}

TEST_F(MethodTableTest, AParameterThatIsMissingIsNamed) {
  for (const Described& method : described()) {
    for (const Parameter& parameter : method.parameters) {
      if (!parameter.required) continue;
      SCOPED_TRACE(method.name + " " + parameter.name);
      json::object params = required_of(method);
      params.erase(parameter.name);
      const Reply reply = call(method.name, params);
      ASSERT_THAT(reply, FailsWith(Errc::invalid_params));
      EXPECT_EQ(reply.error().field, parameter.name);
    }
  }
}

TEST_F(MethodTableTest, ParametersByPositionAreRefused) {
  for (const Described& method : described())
    EXPECT_THAT(call(method.name, json::array{"x"}), FailsWith(Errc::invalid_params)) << method.name;
}

TEST_F(MethodTableTest, AnUnknownConnectionIsNotFoundWhateverIsAskedOfIt) {
  // Two have a word of their own that counts first.
  std::size_t asked = 0;
  for (const Described& method : described()) {
    for (const Parameter& parameter : method.parameters) {
      if (parameter.name != "connection" && parameter.name != "connections") continue;
      SCOPED_TRACE(method.name);
      json::object params = required_of(method);
      params[parameter.name] = sample(parameter.type);
      if (method.name == "token.purge") params["scope"] = "connection";
      if (method.name == "sign_in.start") params["method"] = "browser";
      const Reply reply = call(method.name, params);
      ASSERT_THAT(reply, FailsWith(Errc::not_found));
      EXPECT_EQ(reply.error().field, parameter.name);
      ++asked;
    }
  }
  EXPECT_GE(asked, 17u);
}

TEST_F(MethodTableTest, ALentSocketHasFourMethodsAndNoOther) {
  const ipc::Server* lending = &server;
  const ipc::MethodTable lent = make_lent_table(services, std::make_shared<LentConnections>(), lending);
  std::vector<std::string> names;
  const json::object document = lent.describe("Test", "1");
  for (const json::value& method : document.at("methods").as_array())
    names.emplace_back(method.at("name").as_string());
  EXPECT_THAT(names, testing::UnorderedElementsAre("credential.get", "repository.list", "commit.list",
                                                   "daemon.status", "rpc.discover"));
}

}  // namespace
}  // namespace forgelink
