// SPDX-License-Identifier: MIT
#include "ipc/async_client.hpp"

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <deque>
#include <map>

#include "ipc/error_view.hpp"
#include "ipc/framing.hpp"

namespace forgelink::ipc {
namespace {

// The protocol sets no limit to an answer: a snapshot grows with the registry. This one keeps a broken peer
// from filling the memory.
constexpr std::size_t longest_answer = std::size_t{256} << 20;

Unreached closed() { return {"The daemon closed the connection."}; }

}  // namespace

struct AsyncClient::Impl : std::enable_shared_from_this<Impl> {
  // A call that waits for its answer. Shared, since the call may give up while its answer is on the way.
  struct Waiting {
    Signal answered;
    std::optional<Response> response;
  };

  Impl(asio::any_io_executor executor, int descriptor)
      : socket(executor, asio::local::stream_protocol(), descriptor) {}

  awaitable<> read();
  awaitable<> write();
  void send(std::string line);
  bool take(std::string_view line);
  static void give(Waiting& call, Response response);
  void answer(const json::value& id, Response response);
  void lose();

  asio::local::stream_protocol::socket socket;
  std::int64_t last_id = 0;
  std::map<std::int64_t, std::shared_ptr<Waiting>> waiting;
  std::deque<json::value> events;
  Signal event_came;
  std::deque<std::string> unsent;  // the first one is being written
  bool lost = false;
};

awaitable<> AsyncClient::Impl::read() {
  const std::shared_ptr<Impl> keep = shared_from_this();
  LineBuffer lines(longest_answer);
  std::array<char, 16384> piece{};
  bool good = true;
  while (good) {
    boost::system::error_code gone;
    const std::size_t size =
        co_await socket.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, gone));
    if (gone) break;
    lines.append({piece.data(), size});
    explicit_bzero(piece.data(), size);  // an answer may hold a token
    while (good) {
      const std::optional<std::string_view> line = lines.next();
      if (!line) break;
      good = take(*line);
    }
    good = good && !lines.too_long();
  }
  lose();
}

// False if the line is no message of JSON-RPC: nothing sensible can follow.
bool AsyncClient::Impl::take(std::string_view line) {
  boost::system::error_code wrong;
  json::value message = json::parse(line, wrong);
  if (wrong || !message.is_object()) return false;
  json::object& object = message.get_object();
  // Looked up without `[]`: that adds a member that is missing, and may move all others.
  const auto member = [&object](const char* name) {
    json::value* found = object.if_contains(name);
    return found == nullptr ? json::value() : std::move(*found);
  };
  if (object.contains("method")) {
    events.push_back(member("params"));
    event_came.notify();
    return true;
  }
  const json::value id = member("id"), error = member("error");
  if (error.is_object()) {
    answer(id, Refused{error.get_object()});
  } else if (!id.is_null()) {
    answer(id, member("result"));
  }
  return true;
}

// The first answer counts: one that nobody has read yet is not lost with the connection.
void AsyncClient::Impl::give(Waiting& call, Response response) {
  if (call.response) return;
  call.response = std::move(response);
  call.answered.notify();
}

// An answer without an id is about the connection itself, and so about every call.
void AsyncClient::Impl::answer(const json::value& id, Response response) {
  if (id.is_null()) {
    for (auto& [number, call] : waiting) give(*call, response);
    return;
  }
  const auto found = id.is_int64() ? waiting.find(id.get_int64()) : waiting.end();
  if (found != waiting.end()) give(*found->second, std::move(response));
}

void AsyncClient::Impl::send(std::string line) {
  unsent.push_back(std::move(line));
  if (unsent.size() == 1) spawn(socket.get_executor(), write());
}

awaitable<> AsyncClient::Impl::write() {
  const std::shared_ptr<Impl> keep = shared_from_this();
  while (!unsent.empty()) {
    // A deque does not move its elements when others are added behind them.
    std::string& line = unsent.front();
    boost::system::error_code gone;
    co_await asio::async_write(socket, asio::buffer(line), asio::redirect_error(asio::use_awaitable, gone));
    explicit_bzero(line.data(), line.size());  // a request may hold a token
    unsent.pop_front();
    if (gone) lose();
  }
}

void AsyncClient::Impl::lose() {
  lost = true;
  boost::system::error_code ignored;
  socket.close(ignored);
  answer(nullptr, closed());
  event_came.notify();
}

AsyncClient::AsyncClient(asio::any_io_executor executor, Client connected)
    : impl_(std::make_shared<Impl>(executor, connected.release())) {
  spawn(executor, impl_->read());
}

AsyncClient::~AsyncClient() { impl_->lose(); }

awaitable<Response> AsyncClient::call(std::string method, json::object params, Duration limit) {
  const std::shared_ptr<Impl> impl = impl_;  // the client may be destroyed while this waits
  if (impl->lost) co_return closed();
  const std::int64_t id = ++impl->last_id;
  const auto waiting = std::make_shared<Impl::Waiting>();
  impl->waiting.emplace(id, waiting);
  json::object request{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
  impl->send(json::serialize(request) + '\n');
  // Sending may have failed already, and lose() has given the answer then.
  if (!waiting->response) co_await waiting->answered.wait(limit);
  // From here on a late answer finds nobody and is dropped.
  impl->waiting.erase(id);
  if (!waiting->response) co_return Unreached{"The daemon did not answer in time."};
  co_return std::move(*waiting->response);
}

awaitable<std::variant<json::value, std::monostate, Unreached>> AsyncClient::next_event(Duration limit) {
  const std::shared_ptr<Impl> impl = impl_;
  if (impl->events.empty() && !impl->lost) co_await impl->event_came.wait(limit);
  // Events that came before the loss are handed out before it is told.
  if (!impl->events.empty()) {
    json::value event = std::move(impl->events.front());
    impl->events.pop_front();
    co_return event;
  }
  if (impl->lost) co_return closed();
  co_return std::monostate();
}

std::optional<Error> AsyncClient::error_in(const Response& response) {
  if (const auto* unreached = std::get_if<Unreached>(&response))
    return Error{.code = Errc::internal, .message = unreached->message};
  const auto* refused = std::get_if<Refused>(&response);
  if (refused == nullptr) return std::nullopt;
  ErrorView view;
  from_json(json::value(refused->error), view);
  Error error{.code = errc_of(view.data.kind).value_or(Errc::internal),
              .message = std::move(view.message),
              .field = view.data.field.value_or(""),
              .hint = view.data.hint.value_or(""),
              .url = view.data.url.value_or("")};
  if (view.data.retry_after) error.retry_after = std::chrono::seconds(*view.data.retry_after);
  return error;
}

}  // namespace forgelink::ipc
