// SPDX-License-Identifier: MIT
#include "ipc/server.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <system_error>
#include <utility>

#include "base/memory.hpp"
#include "ipc/channel.hpp"

namespace forgelink::ipc {
namespace {

using Protocol = asio::local::stream_protocol;
namespace fs = std::filesystem;

std::system_error last_error(const std::string& what) { return {errno, std::generic_category(), what}; }

// Does anybody listen there?
bool is_alive(const fs::path& socket) {
  asio::io_context context;
  Protocol::socket probe(context);
  boost::system::error_code error;
  probe.connect(Protocol::endpoint(socket.string()), error);
  return !error;
}

std::optional<uid_t> user_of(Protocol::socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

}  // namespace

Server::Server(asio::any_io_executor executor, const MethodTable& methods, Options options)
    : executor_(std::move(executor)),
      methods_(methods),
      options_(std::move(options)),
      acceptor_(executor_),
      scratch_(64 << 10),
      memory_timer_(executor_) {}

Server::~Server() = default;

void Server::listen(const fs::path& socket) {
  if (socket.string().size() >= sizeof(sockaddr_un::sun_path)) {
    throw std::system_error(std::make_error_code(std::errc::filename_too_long),
                            "the socket's path is longer than a socket's path may be: " + socket.string());
  }
  const fs::path folder = socket.parent_path();
  fs::create_directories(folder);
  // A folder that is somebody's already (--socket /tmp/x) is left as it is.
  if (folder.filename() == "forgelink" && chmod(folder.c_str(), 0700) != 0) throw last_error(folder.string());
  // A link is not followed: what it leads to is not ours to replace.
  if (fs::exists(fs::symlink_status(socket))) {
    if (!fs::is_socket(fs::symlink_status(socket)))
      throw std::system_error(std::make_error_code(std::errc::file_exists),
                              socket.string() + " is not a socket");
    if (is_alive(socket))
      throw std::system_error(std::make_error_code(std::errc::address_in_use),
                              "another daemon listens on " + socket.string());
    fs::remove(socket);
  }
  acceptor_.open(Protocol());
  const mode_t mask = umask(0177);  // 0600 from the first moment on
  boost::system::error_code error;
  acceptor_.bind(Protocol::endpoint(socket.string()), error);
  umask(mask);
  if (error) throw std::system_error(error.value(), std::generic_category(), socket.string());
  // As long as net.core.somaxconn allows by default: with a full queue the helpers that git starts would wait
  // in connect().
  acceptor_.listen(4096);
  own_socket_file_ = socket;
  spawn(executor_, accept_all());
}

void Server::adopt(int listening_descriptor) {
  acceptor_.assign(Protocol(), listening_descriptor);
  spawn(executor_, accept_all());
}

awaitable<> Server::accept_all() {
  while (acceptor_.is_open()) {
    Protocol::socket socket(executor_);
    boost::system::error_code error;
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (!acceptor_.is_open()) co_return;
    if (error) {
      // No file left to open, most likely: better to be late than to spin.
      spdlog::warn("a client could not be taken in: {}", error.message());
      co_await sleep_for(Milliseconds(100));
      continue;
    }
    enter(std::move(socket));
  }
}

void Server::enter(Protocol::socket socket) {
  if (user_of(socket) != geteuid()) {
    const std::string refusal =
        response("null", Error{.code = Errc::internal, .message = "This daemon serves another user."}) + "\n";
    boost::system::error_code ignored;
    // One try: another user's full socket must not stop the loop.
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(refusal), ignored);
    return;
  }
  auto channel = std::make_shared<Channel>(*this, std::move(socket));
  channels_.insert(channel);
  most_channels_ = std::max(most_channels_, channels_.size());
  if (on_clients_changed) on_clients_changed();
  spawn(executor_, channel->run());
}

void Server::return_memory_later() {
  memory_timer_.expires_after(options_.memory_returned_after);
  memory_timer_.async_wait([](const boost::system::error_code& stopped) {
    if (!stopped) release_free_memory();
  });
}

const std::string& Server::discover() {
  if (discover_.empty()) discover_ = json::serialize(methods_.describe(options_.title, options_.version));
  return discover_;
}

void Server::leave(Channel& channel) {
  channels_.erase(std::static_pointer_cast<Channel>(channel.shared_from_this()));
  if (!stopping_ && most_channels_ >= options_.many_clients && channels_.size() < most_channels_ / 2) {
    most_channels_ = channels_.size();
    return_memory_later();
  }
  if (on_clients_changed) on_clients_changed();
}

awaitable<> Server::stop(Milliseconds grace) {
  stopping_ = true;
  memory_timer_.cancel();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  // Before the wait, so that a client finds nobody rather than a daemon that refuses. The socket of an
  // activated daemon is systemd's and stays.
  if (!own_socket_file_.empty()) fs::remove(own_socket_file_, ignored);
  const auto until = std::chrono::steady_clock::now() + grace;
  const auto busy = [this] {
    return std::any_of(channels_.begin(), channels_.end(),
                       [](const auto& channel) { return channel->is_busy(); });
  };
  while (busy() && std::chrono::steady_clock::now() < until) co_await sleep_for(Milliseconds(5));
  // A copy: a channel that has closed takes itself out of the set.
  const auto leaving = channels_;
  for (const auto& channel : leaving) {
    channel->flush_now();  // what was said in this very turn
    channel->close();
  }
}

}  // namespace forgelink::ipc
