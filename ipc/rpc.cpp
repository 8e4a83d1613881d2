// SPDX-License-Identifier: MIT
#include "ipc/rpc.hpp"

#include <cmath>

#include "base/text.hpp"

namespace forgelink::ipc {
namespace {

const json::value no_params = json::object();

// Paths and names of programs come from the system, which knows no encoding; JSON is UTF-8 (RFC 8259, 8.1).
std::string envelope(std::string_view id, std::string_view member, std::string_view text) {
  std::string out;
  out.reserve(id.size() + text.size() + 40);
  out.append(R"({"jsonrpc":"2.0","id":)")
      .append(id)
      .append(",\"")
      .append(member)
      .append("\":")
      .append(text)
      .append("}");
  return with_utf8_mended(std::move(out));
}

json::object data_of(const Error& error) {
  // The fields of the protocol win over a detail of the same name.
  json::object data = error.details;
  data["kind"] = kind(error.code);
  if (!error.field.empty()) data["field"] = error.field;
  if (!error.hint.empty()) data["hint"] = error.hint;
  if (!error.url.empty()) data["url"] = error.url;
  if (error.retry_after) data["retry_after"] = error.retry_after->count();
  return data;
}

}  // namespace

int code_of(Errc errc) {
  switch (errc) {
    case Errc::invalid_params:
      return -32602;
    case Errc::internal:
      return -32603;
    case Errc::not_found:
    case Errc::name_taken:
    case Errc::username_required:
    case Errc::username_mismatch:
    case Errc::server_url_required:
    case Errc::bitbucket_on_premise_unsupported:
    case Errc::sign_in_unsupported:
    case Errc::oauth_app_missing:
    case Errc::token_missing:
    case Errc::token_rejected:
    case Errc::token_expired:
    case Errc::scope_missing:
    case Errc::sso_required:
    case Errc::forge_unreachable:
    case Errc::tls_untrusted:
    case Errc::proxy_failed:
    case Errc::rate_limited:
    case Errc::forge_error:
    case Errc::keyring_locked:
    case Errc::keyring_unavailable:
    case Errc::sign_in_denied:
    case Errc::sign_in_expired:
    case Errc::ambiguous_connection:
    case Errc::account_changed:
    case Errc::sign_in_cancelled:
    case Errc::policy_forbids:
    case Errc::database_failed:
    case Errc::too_busy:
    case Errc::shutting_down:
    case Errc::renew_unsupported:
    case Errc::access_denied:
    case Errc::locked:
      return -32000;
  }
  return -32603;
}

std::variant<Call, Faulty> read_call(const json::value& request) {
  const Faulty nameless{.fault = RpcFault::invalid_request, .id = "null"};
  if (!request.is_object()) return nameless;
  const json::object& object = request.get_object();

  Call call;
  if (const json::value* id = object.if_contains("id")) {
    if (!id->is_string() && !id->is_number() && !id->is_null()) return nameless;
    // 1e999 is read as infinity, which JSON cannot say.
    if (id->is_double() && !std::isfinite(id->get_double())) return nameless;
    call.id = id->is_int64() ? std::to_string(id->get_int64()) : json::serialize(*id);
  }
  const Faulty named{.fault = RpcFault::invalid_request, .id = call.id.empty() ? "null" : call.id};
  const json::value* version = object.if_contains("jsonrpc");
  const json::value* method = object.if_contains("method");
  if (version == nullptr || *version != "2.0" || method == nullptr || !method->is_string()) return named;
  call.method = method->get_string();

  call.params = &no_params;
  if (const json::value* params = object.if_contains("params"); params != nullptr && !params->is_null()) {
    if (!params->is_structured()) return named;
    call.params = params;  // positional ones are refused where they are decoded, by the method's own error
  }
  return call;
}

std::string response(std::string_view id, const JsonText& result) {
  return envelope(id, "result", result.text);
}

std::string response(std::string_view id, const Error& error) {
  const json::object said{
      {"code", code_of(error.code)}, {"message", error.message}, {"data", data_of(error)}};
  return envelope(id, "error", json::serialize(said));
}

std::string response(std::string_view id, RpcFault fault, std::string_view message) {
  if (message.empty()) {
    switch (fault) {
      case RpcFault::parse_error:
        message = "Parse error: this line is not a JSON text.";
        break;
      case RpcFault::invalid_request:
        message = "Invalid request: this is not a JSON-RPC 2.0 request.";
        break;
      case RpcFault::method_not_found:
        message = "Method not found; rpc.discover lists the methods.";
        break;
    }
  }
  const json::object said{{"code", static_cast<int>(fault)}, {"message", message}};
  return envelope(id, "error", json::serialize(said));
}

}  // namespace forgelink::ipc
