// SPDX-License-Identifier: MIT
// call: any method of the protocol
#include <iostream>
#include <iterator>

#include "clients/cli/commands.hpp"

namespace forgelink::cli {
namespace {

void call(Context& context, const std::string& method, std::string params) {
  context.json_output = true;
  if (params == "-") params.assign(std::istreambuf_iterator<char>(std::cin), {});
  json::value value = json::object();
  if (params.find_first_not_of(" \t\r\n") != std::string::npos) {
    boost::system::error_code wrong;
    value = json::parse(params, wrong);
    if (wrong || !value.is_object())
      context.misused("The parameters must be a JSON object, as '{\"connection\": \"Work\"}'.");
  }
  print(context.call(method, std::move(value.as_object())));
}

}  // namespace

void declare_call(CLI::App& app, Context& context) {
  static std::string method, params;
  CLI::App* c = command(app, context, "call", "Call any method of the protocol, JSON in, JSON out");
  c->add_option("METHOD", method, "As connection.get")->required();
  c->add_option("PARAMS", params, "A JSON object; - reads it from standard input");
  c->callback([&] { call(context, method, params); });
}

}  // namespace forgelink::cli
