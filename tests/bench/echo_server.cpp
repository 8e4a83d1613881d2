// SPDX-License-Identifier: MIT
// The peer of the load test: Asio coroutines that read a line and write a line, and do nothing in between.
//
//   echo_server SOCKET [REPLY]
//
// Answers each line with the line in the file REPLY, so that the same bytes travel as with the daemon; else
// with itself.
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;

asio::awaitable<void> serve(Protocol::socket client, const std::string& reply) {
  boost::system::error_code failed;
  std::string received;
  while (true) {
    const std::size_t length = co_await asio::async_read_until(
        client, asio::dynamic_buffer(received), '\n', asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return;
    const std::string line = reply.empty() ? received.substr(0, length) : reply;
    received.erase(0, length);
    co_await asio::async_write(client, asio::buffer(line), asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return;
  }
}

asio::awaitable<void> listen(Protocol::acceptor& acceptor, const std::string& reply) {
  while (true) {
    Protocol::socket client = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(client), reply), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fputs("usage: echo_server SOCKET [REPLY]\n", stderr);
    return 2;
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  std::ostringstream reply;
  if (argc == 3) reply << std::ifstream(argv[2]).rdbuf();
  const std::string line = reply.str();
  std::filesystem::remove(argv[1]);
  asio::io_context loop(1);
  Protocol::acceptor acceptor(loop, Protocol::endpoint(argv[1]));
  asio::co_spawn(loop, listen(acceptor, line), asio::detached);
  loop.run();
}
