// SPDX-License-Identifier: MIT
// Reads a message's head and its body in parts from a ByteStream, by Beast's parser. For relay.cpp alone:
// whoever includes it compiles Beast. On the loop.
#pragma once

#include <boost/beast/http.hpp>
#include <cstring>
#include <string>

#include "providers/http/byte_stream.hpp"

namespace forgelink::http {

// Bytes that came and were not used yet.
class Inbox {
 public:
  static constexpr std::size_t room = 64 << 10;

  explicit Inbox(ByteStream& from) : from_(from), bytes_(room, '\0') {}

  std::string_view unread() const { return std::string_view(bytes_).substr(begin_, end_ - begin_); }
  void consume(std::size_t size) { begin_ += size; }

  // Adds what comes next; 0 with an error at the end.
  awaitable<std::size_t> fill(boost::system::error_code& error) {
    if (begin_ > 0) {
      std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == bytes_.size()) {
      error = boost::beast::http::error::buffer_overflow;
      co_return 0;
    }
    const std::size_t got = co_await from_.read_some(bytes_.data() + end_, bytes_.size() - end_, error);
    end_ += got;
    co_return got;
  }

 private:
  ByteStream& from_;
  std::string bytes_;
  std::size_t begin_ = 0, end_ = 0;
};

template <class Parser>
awaitable<> read_head(Parser& parser, Inbox& inbox, boost::system::error_code& error) {
  namespace beast_http = boost::beast::http;
  while (!parser.is_header_done()) {
    const std::string_view unread = inbox.unread();
    if (!unread.empty()) {
      inbox.consume(parser.put(asio::buffer(unread), error));
      if (parser.is_header_done() || (error && error != beast_http::error::need_more)) co_return;
      error = {};
    }
    co_await inbox.fill(error);
    if (error) co_return;
  }
}

// The next part of the body, at most `size` bytes; 0 at its end.
template <class Parser>
awaitable<std::size_t> read_body(Parser& parser, Inbox& inbox, char* into, std::size_t size,
                                 boost::system::error_code& error) {
  namespace beast_http = boost::beast::http;
  auto& body = parser.get().body();
  body.data = into;
  body.size = size;
  body.more = true;
  while (!parser.is_done()) {
    const std::string_view unread = inbox.unread();
    std::size_t used = 0;
    if (!unread.empty()) {
      used = parser.put(asio::buffer(unread), error);
      inbox.consume(used);
      if (error == beast_http::error::need_buffer) {
        error = {};
        break;
      }
      if (error && error != beast_http::error::need_more) co_return 0;
      const bool wants_more = error || used == 0;
      error = {};
      if (!wants_more || parser.is_done()) continue;
    }
    if (body.size < size) break;  // what came goes on before more is waited for
    const std::size_t got = co_await inbox.fill(error);
    if (got == 0 && error == asio::error::eof) {
      error = {};
      parser.put_eof(error);
      if (error) co_return 0;
      break;
    }
    if (error) co_return 0;
  }
  co_return size - body.size;
}

}  // namespace forgelink::http
