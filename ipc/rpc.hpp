// SPDX-License-Identifier: MIT
// The envelope of JSON-RPC 2.0 (jsonrpc.org/specification): requests in, responses out. Plain functions.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"
#include "base/result.hpp"

namespace forgelink::ipc {

namespace json = boost::json;

// JSON-RPC's own errors, which are about the envelope.
enum class RpcFault { parse_error = -32700, invalid_request = -32600, method_not_found = -32601 };

struct Call {
  std::string id;  // as JSON text; empty: a notification, which nobody answers
  std::string_view method;
  const json::value* params;  // an object; never null
};

// Reads one request object. The fault comes with the id to answer with ("null" if none can be told).
struct Faulty {
  RpcFault fault;
  std::string id;
};
std::variant<Call, Faulty> read_call(const json::value& request);

struct JsonText {
  std::string text;
};

// A response as JSON text, without a newline.
std::string response(std::string_view id, const JsonText& result);
std::string response(std::string_view id, const Error& error);
std::string response(std::string_view id, RpcFault fault, std::string_view message = {});

// -32602 for invalid_params, -32603 for internal, -32000 for all else.
int code_of(Errc errc);

}  // namespace forgelink::ipc
