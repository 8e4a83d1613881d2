// SPDX-License-Identifier: MIT
#include "ipc/client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace forgelink::ipc {
namespace {

using Clock = std::chrono::steady_clock;

// Waits until the socket is ready; false once the time is over.
bool wait_for(int socket, short events, Clock::time_point until) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd entry{.fd = socket, .events = events, .revents = 0};
    // Rounded up: poll() counts whole milliseconds and would spin through the last one.
    const int ready =
        poll(&entry, 1, left < 0 ? 0 : static_cast<int>(std::min<long long>(left + 1, 1 << 30)));
    if (ready > 0) return true;
    if (ready == 0 && Clock::now() >= until) return false;
    if (ready < 0 && errno != EINTR) return false;
  }
}

// A folder in which another user may put a socket of their own is no place to look for ours. One that all may
// write to, but only take their own files out of (/tmp), leaves it to the server's user id.
std::string trouble_with_folder(const std::filesystem::path& socket) {
  const std::filesystem::path folder = socket.has_parent_path() ? socket.parent_path() : ".";
  struct stat found {};
  if (stat(folder.c_str(), &found) != 0) return "";
  if (found.st_uid != geteuid() && found.st_uid != 0)
    return "The folder of the socket, " + folder.string() + ", belongs to another user; nothing was sent.";
  const bool shared = (found.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (found.st_mode & S_ISVTX) == 0;
  return shared ? "The folder of the socket, " + folder.string() +
                      ", is writable by other users; nothing was sent."
                : "";
}

// The server authenticates its clients the same way (ipc/server.cpp).
std::string trouble_with_server(int descriptor, const std::filesystem::path& socket) {
  ucred server{};
  socklen_t size = sizeof server;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &server, &size) == 0 && server.uid == geteuid())
    return "";
  return "What listens on " + socket.string() + " belongs to another user; nothing was sent.";
}

Unreached gone() { return {"The daemon closed the connection."}; }
Unreached late() { return {"The daemon did not answer in time."}; }

}  // namespace

bool is_kept_from_daemon() {
  const auto names = [](const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
  };
  return names("FORGELINK_FRONT_SOCKET") && !names("FORGELINK_SOCKET") && !names("XDG_RUNTIME_DIR");
}

std::filesystem::path socket_path() {
  if (const char* named = std::getenv("FORGELINK_SOCKET"); named != nullptr && *named != '\0') return named;
  if (is_kept_from_daemon()) return {};
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::string folder =
      runtime != nullptr && *runtime == '/' ? runtime : "/run/user/" + std::to_string(getuid());
  return folder + "/forgelink/socket";
}

Client::Client(Client&& other) noexcept
    : on_event(std::move(other.on_event)),
      socket_(std::exchange(other.socket_, -1)),
      last_id_(other.last_id_),
      received_(std::move(other.received_)),
      events_(std::move(other.events_)) {}

Client& Client::operator=(Client&& other) noexcept {
  if (this != &other) {
    if (socket_ >= 0) close(socket_);
    on_event = std::move(other.on_event);
    socket_ = std::exchange(other.socket_, -1);
    last_id_ = other.last_id_;
    received_ = std::move(other.received_);
    events_ = std::move(other.events_);
  }
  return *this;
}

Client::~Client() {
  if (socket_ >= 0) close(socket_);
  explicit_bzero(received_.data(), received_.size());
}

std::optional<Client> Client::connect(const std::filesystem::path& path, Duration limit) {
  std::string foreign;
  return connect(path, limit, foreign);
}

std::optional<Client> Client::connect(const std::filesystem::path& path, Duration limit,
                                      std::string& foreign) {
  if (path.empty()) {
    foreign = "`forgelink run` keeps the command that it runs from the daemon.";
    return std::nullopt;
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  if (std::string trouble = trouble_with_folder(path); !trouble.empty()) {
    foreign = std::move(trouble);
    return std::nullopt;
  }
  Client client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (client.socket_ < 0) return std::nullopt;
  // A Unix socket connects at once unless the listener's queue is full.
  // Then connect() waits as long as SO_SNDTIMEO says (socket(7)).
  const timeval patience{.tv_sec = limit.count() / 1000, .tv_usec = limit.count() % 1000 * 1000};
  setsockopt(client.socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(client.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return std::nullopt;
  if (std::string trouble = trouble_with_server(client.socket_, path); !trouble.empty()) {
    foreign = std::move(trouble);
    return std::nullopt;
  }
  return client;
}

bool Client::send_all(std::string_view text, Clock::time_point until) {
  while (!text.empty()) {
    // A daemon that goes away must not end this program by SIGPIPE.
    const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!wait_for(socket_, POLLOUT, until)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> Client::read_line(Clock::time_point until, bool& timed_out) {
  std::size_t searched = 0;
  while (true) {
    const auto newline = received_.find('\n', searched);
    if (newline != std::string::npos) {
      std::string line = received_.substr(0, newline);
      // Not erase(): the answer may hold a token, and its old place behind the new end is wiped.
      const std::size_t left = received_.size() - newline - 1;
      std::memmove(received_.data(), received_.data() + newline + 1, left);
      explicit_bzero(received_.data() + left, newline + 1);
      received_.resize(left);
      return line;
    }
    searched = received_.size();
    char piece[16384];
    const ssize_t got = recv(socket_, piece, sizeof piece, MSG_DONTWAIT);
    if (got > 0) {
      received_.append(piece, static_cast<std::size_t>(got));
      explicit_bzero(piece, static_cast<std::size_t>(got));
    } else if (got < 0 && errno == EAGAIN) {
      if (wait_for(socket_, POLLIN, until)) continue;
      timed_out = true;
      return std::nullopt;
    } else if (got == 0 || errno != EINTR) {
      return std::nullopt;
    }
  }
}

Response Client::call(std::string_view method, const json::value& params, Duration limit) {
  auto until = Clock::now() + limit;
  const std::int64_t id = ++last_id_;
  std::string request =
      json::serialize(json::object{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
  request += '\n';
  const bool sent = send_all(request, until);
  explicit_bzero(request.data(), request.size());
  if (!sent) return gone();

  while (true) {
    bool timed_out = false;
    std::optional<std::string> line = read_line(until, timed_out);
    if (!line) return timed_out ? late() : gone();
    boost::system::error_code wrong;
    json::value message = json::parse(*line, wrong);
    explicit_bzero(line->data(), line->size());
    if (wrong || !message.is_object())
      return Unreached{"The server at the socket does not speak Forgelink's protocol."};
    json::object& object = message.get_object();
    if (object.contains("method")) {
      if (on_event) until = std::max(until, Clock::now() + on_event(object["params"]));
      events_.push_back(std::move(object["params"]));
      continue;
    }
    if (const json::value* error = object.if_contains("error"); error != nullptr && error->is_object()) {
      // An error without an id is about the connection itself.
      const json::value* about = object.if_contains("id");
      if (about == nullptr || about->is_null() || *about == id)
        return Refused{std::move(object["error"].as_object())};
      // Another id is the late answer to a call that was given up; it is skipped.
    } else if (object["id"] == id) {
      return std::move(object["result"]);
    }
  }
}

std::variant<json::value, std::monostate, Unreached> Client::next_event(Duration limit) {
  const auto until = Clock::now() + limit;
  while (events_.empty()) {
    bool timed_out = false;
    const std::optional<std::string> line = read_line(until, timed_out);
    if (!line) {
      if (timed_out) return std::monostate();
      return gone();
    }
    boost::system::error_code wrong;
    json::value message = json::parse(*line, wrong);
    if (!wrong && message.is_object() && message.get_object().contains("method")) {
      events_.push_back(std::move(message.get_object()["params"]));
    }
  }
  json::value event = std::move(events_.front());
  events_.pop_front();
  return event;
}

}  // namespace forgelink::ipc
