// SPDX-License-Identifier: MIT
// A program's end of the Unix socket for coroutines: several calls at a time, and events as they come.
//
// The counterpart of ipc/client.hpp, which blocks and connects. Used on one event loop only, which need not
// be the thread that connected. The loop may be destroyed before the client's coroutines have ended. What the
// daemon refuses comes back as it wrote it, or as an Error in its type.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/async.hpp"
#include "base/result.hpp"
#include "ipc/client.hpp"
#include "ipc/client_fields.hpp"

namespace forgelink::ipc {

class AsyncClient {
 public:
  using Duration = Client::Duration;

  // Takes over the socket.
  // REQUIRES: `connected` is connected; no call of it waits for an answer.
  AsyncClient(asio::any_io_executor executor, Client connected);
  // Closes the socket. Calls that still wait are answered with Unreached at the loop's next turn.
  ~AsyncClient();
  AsyncClient(const AsyncClient&) = delete;
  AsyncClient& operator=(const AsyncClient&) = delete;

  // Sends one request and waits for its answer, for at most `limit`. Answers may overtake each other.
  awaitable<Response> call(std::string method, json::object params, Duration limit);

  // The same in the types of ipc/protocol/. Fails with the daemon's error; with `internal` if the daemon is
  // gone, does not answer in time, or answers in another form.
  template <class Method>
  awaitable<Result<typename Method::Reply>> call(typename Method::Params params, Duration limit) {
    json::object object = params_object(std::move(params));
    std::string method(Method::name);
    const Response response = co_await call(std::move(method), std::move(object), limit);
    co_return reply_in<typename Method::Reply>(response);
  }

  // The `params` of the next notification; nothing when `limit` has passed. Notifications are kept in their
  // order until they are asked for. One coroutine at a time may wait here.
  awaitable<std::variant<json::value, std::monostate, Unreached>> next_event(
      Duration limit = Duration::max());

 private:
  struct Impl;

  // Why a response holds no result; nothing if it does.
  static std::optional<Error> error_in(const Response& response);

  template <class Reply>
  static Result<Reply> reply_in(const Response& response) {
    if (std::optional<Error> error = error_in(response)) return std::move(*error);
    return reply_of<Reply>(std::get<json::value>(response));
  }

  std::shared_ptr<Impl> impl_;  // shared with the coroutines that read and write
};

}  // namespace forgelink::ipc
