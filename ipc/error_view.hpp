// SPDX-License-Identifier: MIT
// An error as clients see it: the `error` member of a response, for the codes -32000, -32602 and -32603.
// Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace forgelink::ipc {

struct ErrorData {
  std::string kind;
  std::optional<std::string> field, hint, url, connection;
  std::optional<std::int64_t> retry_after;

  void fields(auto& f) {
    f.required("kind", kind, "The kind of error.");
    f.absent("field", field, "The parameter at fault.");
    f.absent("hint", hint, "What to do about it.");
    f.absent("url", url, "The page that resolves it.");
    f.absent("connection", connection, "The name of the connection it is about.");
    f.absent("retry_after", retry_after, "Seconds to wait before a retry.");
  }
};

struct ErrorView {
  std::int64_t code = 0;
  std::string message;
  ErrorData data;

  void fields(auto& f) {
    f.required("code", code, "The code of JSON-RPC.");
    f.required("message", message, "What happened, for people.");
    f.required("data", data, "What programs look at.");
  }
};

}  // namespace forgelink::ipc
