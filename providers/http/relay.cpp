// SPDX-License-Identifier: MIT
#include "providers/http/relay.hpp"

#include "base/text.hpp"
#include "providers/http/relay_exchange.hpp"

namespace forgelink::http {
namespace {

namespace beast_http = boost::beast::http;

RequestHead head_of(const RequestParser& parser) {
  const auto& message = parser.get();
  RequestHead head{.method = std::string(message.method_string()),
                   .target = std::string(message.target()),
                   .has_body = !parser.is_done()};
  for (const auto& field : message) head.headers.emplace_back(field.name_string(), field.value());
  return head;
}

}  // namespace

std::string_view RequestHead::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return "";
}

awaitable<> relay_requests(ByteStream& client, const Decide& decide, const OpenUpstream& open) {
  Inbox inbox(client);
  bool again = true;
  while (again) {
    auto request = std::make_unique<RequestParser>();
    request->header_limit(longest_head);
    request->body_limit(boost::none);
    boost::system::error_code error;
    co_await read_head(*request, inbox, error);
    if (error && error.category() == beast_http::make_error_code(beast_http::error::bad_value).category() &&
        error != beast_http::error::end_of_stream && error != beast_http::error::partial_message) {
      boost::system::error_code ignored;
      co_await client.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                            ignored);
    }
    if (error) break;
    RelayExchange exchange(client, inbox, *request);
    RequestHead head = head_of(*request);
    awaitable<Decision> deciding = decide(std::move(head));
    Decision decision = co_await std::move(deciding);
    if (auto* refused = std::get_if<LocalReply>(&decision)) {
      LocalReply said = std::move(*refused);
      again = co_await exchange.reply(std::move(said));
    } else {
      Passage passage = std::move(std::get<Passage>(decision));
      again = co_await exchange.pass(std::move(passage), open);
    }
  }
  client.close();
}

}  // namespace forgelink::http
