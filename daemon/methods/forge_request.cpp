// SPDX-License-Identifier: MIT
#include "daemon/methods/forge_request.hpp"

#include <boost/json/serialize.hpp>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace forgelink {
namespace {

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
    std::optional<std::string> bytes = bytes_of_base64(params.body_base64->value);
    if (!bytes) co_return invalid("body_base64", "`body_base64` is not base64.");
    question.body = std::move(*bytes);
  }
  Result<ApiRequests::Answer> answer = co_await requests.ask(std::move(question), Asker::of(peer));
  if (!answer) co_return answer.error();
  Reply reply{.status = answer->status, .next = std::move(answer->next)};
  for (const auto& [header, value] : answer->headers) reply.headers.emplace(header, value);
  if (is_utf8(answer->body)) {
    reply.body = std::move(answer->body);
  } else {
    reply.body_base64 = base64_of(answer->body);
  }
  co_return reply;
}

}  // namespace forgelink
