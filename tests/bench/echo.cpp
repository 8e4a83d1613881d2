// A bare Asio coroutine server: for each line read, answers with as many bytes as it is told.   bench_echo SOCKET BYTES
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <string>

#include "base/async.hpp"

using namespace forgelink;
using Protocol = asio::local::stream_protocol;

awaitable<> serve(Protocol::socket socket, std::string answer) {
  char text[4096];
  boost::system::error_code error;
  while (!error) {
    co_await socket.async_read_some(asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_await asio::async_write(socket, asio::buffer(answer), asio::redirect_error(asio::use_awaitable, error));
  }
}

awaitable<> accept_all(Protocol::acceptor& acceptor, std::string answer) {
  while (true) {
    Protocol::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    spawn(acceptor.get_executor(), serve(std::move(socket), answer));
  }
}

int main(int, char** argv) {
  asio::io_context loop{1};
  Protocol::acceptor acceptor(loop, Protocol::endpoint(argv[1]));
  spawn(loop.get_executor(), accept_all(acceptor, std::string(static_cast<std::size_t>(std::atoi(argv[2])) - 1, 'x') + "\n"));
  loop.run();
}
