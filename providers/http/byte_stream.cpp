// SPDX-License-Identifier: MIT
#include "providers/http/byte_stream.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>

#include "providers/http/transport_stream.hpp"

namespace forgelink::http {
namespace {

using ClientStream = boost::beast::basic_stream<asio::generic::stream_protocol, asio::any_io_executor>;

class SocketStream : public ByteStream {
 public:
  explicit SocketStream(asio::generic::stream_protocol::socket socket) : stream_(std::move(socket)) {}

  awaitable<std::size_t> read_some(char* into, std::size_t size, boost::system::error_code& error) override {
    stream_.expires_after(stall_limit);
    const std::size_t got = co_await stream_.async_read_some(
        asio::buffer(into, size), asio::redirect_error(asio::use_awaitable, error));
    co_return got;
  }

  awaitable<> write(std::string_view bytes, boost::system::error_code& error) override {
    // In parts, so that a slow reader has its time for each.
    while (!bytes.empty() && !error) {
      stream_.expires_after(stall_limit);
      const std::size_t sent = co_await stream_.async_write_some(
          asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
      bytes.remove_prefix(sent);
    }
  }

  void close() override { stream_.close(); }

 private:
  ClientStream stream_;
};

class TransportStream : public ByteStream {
 public:
  explicit TransportStream(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

  awaitable<std::size_t> read_some(char* into, std::size_t size, boost::system::error_code& error) override {
    transport_->tcp().expires_after(stall_limit);
    std::size_t got = 0;
    if (transport_->secure) {
      got = co_await transport_->secure->async_read_some(asio::buffer(into, size),
                                                         asio::redirect_error(asio::use_awaitable, error));
    } else {
      got = co_await transport_->plain->async_read_some(asio::buffer(into, size),
                                                        asio::redirect_error(asio::use_awaitable, error));
    }
    co_return got;
  }

  awaitable<> write(std::string_view bytes, boost::system::error_code& error) override {
    transport_->tcp().expires_after(stall_limit);
    if (transport_->secure) {
      co_await asio::async_write(*transport_->secure, asio::buffer(bytes),
                                 asio::redirect_error(asio::use_awaitable, error));
    } else {
      co_await asio::async_write(*transport_->plain, asio::buffer(bytes),
                                 asio::redirect_error(asio::use_awaitable, error));
    }
  }

  void close() override { transport_->tcp().close(); }

 private:
  std::unique_ptr<Transport> transport_;
};

}  // namespace

std::unique_ptr<ByteStream> stream_of(asio::generic::stream_protocol::socket socket) {
  return std::make_unique<SocketStream>(std::move(socket));
}

std::unique_ptr<ByteStream> stream_of(std::unique_ptr<Transport> transport) {
  return std::make_unique<TransportStream>(std::move(transport));
}

}  // namespace forgelink::http
