// SPDX-License-Identifier: MIT
// A program's end of the Unix socket: blocking calls, one at a time, for command lines and helpers.
//
// Uses nothing but POSIX and the JSON library, so that a static program can link it. One object per thread.
// What the daemon refuses comes back as it wrote it.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace forgelink::ipc {

namespace json = boost::json;

// Is this a command of `forgelink run`, or below one? The way to the daemon was taken out of its environment.
bool is_kept_from_daemon();

// The socket's place: $FORGELINK_SOCKET, else $XDG_RUNTIME_DIR/forgelink/socket, else
// /run/user/UID/forgelink/socket. Empty where is_kept_from_daemon(): there it is not to be guessed.
std::filesystem::path socket_path();

// The daemon could not be reached, or went away in the middle of a call. A sentence for people.
struct Unreached {
  std::string message;
};

// What came back: the result, the `error` object as the daemon wrote it, or nothing at all.
struct Refused {
  json::object error;  // {code, message, data: {kind, ...}}
};
using Response = std::variant<json::value, Refused, Unreached>;

class Client {
 public:
  using Duration = std::chrono::milliseconds;

  Client() = default;
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  ~Client();

  // Connects, for at most `limit`. Nothing if nobody listens there, or if who listens or the socket's folder
  // is not to be trusted with a token; `foreign` then says why, in a sentence, and is left as it is
  // otherwise.
  static std::optional<Client> connect(const std::filesystem::path& socket, Duration limit,
                                       std::string& foreign);
  static std::optional<Client> connect(const std::filesystem::path& socket, Duration limit);

  // Sends one request and waits for its answer. Notifications that come meanwhile are kept for `next_event`.
  Response call(std::string_view method, const json::value& params, Duration limit);

  // Waits for the next notification; its `params`. Nothing when the limit has passed; Unreached when the
  // daemon left.
  std::variant<json::value, std::monostate, Unreached> next_event(Duration limit);

  // Called with the params of each notification that comes while a call waits. What it returns is how much
  // longer the call may wait from then on; zero for no longer than it would.
  std::function<Duration(const json::value& event)> on_event;

  int descriptor() const { return socket_; }
  // Gives the socket to the caller; the object can only be destroyed then.
  // REQUIRES: no call waits, and no event is kept.
  int release() { return std::exchange(socket_, -1); }

 private:
  explicit Client(int socket) : socket_(socket) {}
  bool send_all(std::string_view text, std::chrono::steady_clock::time_point until);
  std::optional<std::string> read_line(std::chrono::steady_clock::time_point until, bool& timed_out);

  int socket_ = -1;
  std::int64_t last_id_ = 0;
  std::string received_;
  std::deque<json::value> events_;
};

}  // namespace forgelink::ipc
