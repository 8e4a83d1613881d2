// SPDX-License-Identifier: MIT
// The types of `forge.request`. Plain values; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "ipc/field_types.hpp"

namespace forgelink::protocol {

struct ForgeRequest {
  static constexpr std::string_view name = "forge.request";
  static constexpr std::string_view summary =
      "Send a request to the forge's REST API with a connection. The token stays in the daemon; requests go "
      "to the connection's own API only.";

  struct Params {
    std::string connection, method = "GET";
    ipc::LongText path;
    boost::json::object query, headers;
    std::optional<ipc::BodyText> body, body_base64;
    bool write = false;

    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.optional("method", method, "GET if left out.");
      f.required("path", path, "Below the API's root, percent-encoded, as /user; may hold a query.");
      f.optional("query", query, "Further parameters: texts, numbers, true, false, or lists of them.");
      f.optional("headers", headers, "Further headers, as texts; none of the daemon's own.");
      f.optional("body", body, "The body, as text.");
      f.optional("body_base64", body_base64, "The body, in base64.");
      f.optional("write", write, "Allow a method other than GET and HEAD.");
    }
  };
  struct Reply {
    std::int64_t status = 0;
    boost::json::object headers;
    std::optional<std::string> body, body_base64, next;

    void fields(auto& f) {
      f.required("status", status, "The HTTP status.");
      f.required("headers", headers, "The headers, names in lower case.");
      f.optional("body", body, "The body, if it is text.");
      f.optional("body_base64", body_base64, "The body in base64, if it is no text.");
      f.optional("next", next, "The path of the list's next page, where the forge names it.");
    }
  };
};

}  // namespace forgelink::protocol
