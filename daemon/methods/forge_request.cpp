// SPDX-License-Identifier: MIT
#include "daemon/methods/forge_request.hpp"

#include <openssl/evp.h>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"

namespace forgelink {
namespace {

std::string base64_of(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Result<std::string> bytes_of_base64(const std::string& text) {
  const Error wrong = invalid("body_base64", "`body_base64` is not base64.");
  if (text.size() % 4 != 0) return wrong;
  std::string bytes(3 * (text.size() / 4), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return wrong;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::optional<std::string> simple_text(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_number() || value.is_bool()) return boost::json::serialize(value);
  return std::nullopt;
}

Result<ApiRequests::Pairs> query_of(const boost::json::object& query) {
  ApiRequests::Pairs pairs;
  const auto add = [&pairs](std::string_view name, const boost::json::value& value) {
    auto text = simple_text(value);
    if (text) pairs.emplace_back(name, *std::move(text));
    return text.has_value();
  };
  for (const auto& [name, value] : query) {
    bool good = true;
    if (value.is_array()) {
      for (const boost::json::value& one : value.get_array()) good = good && add(name, one);
    } else {
      good = add(name, value);
    }
    if (!good) return invalid("query", "`query` holds texts, numbers, true, false, or lists of them.");
  }
  return pairs;
}

Result<ApiRequests::Pairs> headers_of(const boost::json::object& headers) {
  ApiRequests::Pairs pairs;
  for (const auto& [name, value] : headers) {
    if (!value.is_string()) return invalid("headers", "`headers` holds texts.");
    pairs.emplace_back(name, std::string(value.get_string()));
  }
  return pairs;
}

}  // namespace

awaitable<Result<ForgeRequest::Reply>> ForgeRequest::call(Params params, ipc::Peer& peer) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  Result<ApiRequests::Pairs> query = query_of(params.query);
  if (!query) co_return query.error();
  Result<ApiRequests::Pairs> headers = headers_of(params.headers);
  if (!headers) co_return headers.error();
  ApiRequests::Question question{.connection = *id,
                                 .method = std::move(params.method),
                                 .path = std::move(params.path.value),
                                 .query = std::move(*query),
                                 .headers = std::move(*headers),
                                 .write = params.write};
  if (params.body) question.body = std::move(params.body->value);
  if (params.body_base64) {
    Result<std::string> bytes = bytes_of_base64(params.body_base64->value);
    if (!bytes) co_return bytes.error();
    question.body = std::move(*bytes);
  }
  Result<ApiRequests::Answer> answer = co_await requests.ask(std::move(question), Asker::of(peer));
  if (!answer) co_return answer.error();
  Reply reply{.status = answer->status, .next = std::move(answer->next)};
  for (const auto& [name, value] : answer->headers) reply.headers.emplace(name, value);
  if (is_utf8(answer->body)) {
    reply.body = std::move(answer->body);
  } else {
    reply.body_base64 = base64_of(answer->body);
  }
  co_return reply;
}

}  // namespace forgelink
