// SPDX-License-Identifier: MIT
// One request through the relay and its answer, which may be under way in both directions at once.
//
// For relay.cpp alone: whoever includes it compiles Beast. On the loop. REQUIRES: the client's stream, its
// inbox and the parser, which has read the request's head, outlive the exchange.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "providers/http/body_reader.hpp"
#include "providers/http/relay.hpp"

namespace forgelink::http {

using RequestParser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
using ResponseParser = boost::beast::http::response_parser<boost::beast::http::buffer_body>;

// The most that a head may hold, of a request or a response.
inline constexpr std::uint32_t longest_head = 64 << 10;

class RelayExchange {
 public:
  RelayExchange(ByteStream& client, Inbox& client_inbox, RequestParser& request)
      : client_(client), from_client_(client_inbox), request_(request) {}

  // Both return whether the client's connection may be used for another request.
  //
  // Sends the request to the forge and its answer to the client.
  awaitable<bool> pass(Passage passage, const OpenUpstream& open);
  // Answers the request here.
  awaitable<bool> reply(LocalReply said);

 private:
  // The body on its way to the forge. Shared with the coroutine that sends it.
  struct Upload {
    bool over = false, failed = false;
    Signal ended;
  };

  awaitable<std::optional<LocalReply>> read_whole_body(const Passage& passage, std::string& body);
  awaitable<> send_request(const Passage& passage, const std::string* whole_body);
  awaitable<> upload(std::shared_ptr<Upload> state);
  awaitable<bool> download(const Passage& passage, std::shared_ptr<Upload> state);
  awaitable<> read_response_head(std::unique_ptr<ResponseParser>& response);
  awaitable<> pass_body(ResponseParser& response, const Passage& passage, bool chunked);
  awaitable<> send_response_head(const ResponseParser& response, const Passage& passage, bool chunked);
  awaitable<> continue_if_expected();
  awaitable<bool> exchange(const Passage& passage, const std::string* whole_body);
  awaitable<> drain();

  ByteStream& client_;
  Inbox& from_client_;
  RequestParser& request_;
  Upstream upstream_;
  std::unique_ptr<Inbox> from_upstream_;
  boost::system::error_code error_;
  bool upload_chunked_ = false;
};

}  // namespace forgelink::http
