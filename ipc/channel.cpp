// SPDX-License-Identifier: MIT
#include "ipc/channel.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <cstring>

namespace forgelink::ipc {
namespace {

Answer internal_error(std::string_view method, const std::exception& bug) {
  spdlog::error("{} failed: {}", method, bug.what());
  return Error{.code = Errc::internal,
               .message = "An internal error occurred. See the log: journalctl --user -u forgelink.service"};
}

}  // namespace

Channel::Channel(Server& server, asio::local::stream_protocol::socket socket)
    : server_(server), socket_(std::move(socket)), lines_(server.options_.longest_line) {
  // read_some() and write_some() are called on the loop and must not block it.
  socket_.non_blocking(true);
}

awaitable<> Channel::run() {
  const std::shared_ptr<Channel> keep = self();
  while (socket_.is_open()) {
    const bool more = handle_lines();
    const bool answered = !out_.empty();
    flush();
    if (!socket_.is_open()) break;
    if (more && !is_held_back()) {
      // Whole requests are waiting already; the others get their turn first.
      co_await asio::post(asio::use_awaitable);
      continue;
    }
    if (is_held_back() || reading_ended_) {
      if (reading_ended_ && running_ == 0 && out_.empty() && !writing_) break;
      co_await progress_.wait();
      continue;
    }
    // A system call less for each request: Asio re-arms epoll for a wait without a read, and tries a read at
    // once, which finds nothing before the client had time to see its answer.
    if (answered) co_await asio::post(asio::use_awaitable);
    boost::system::error_code error;
    const std::size_t size = co_await socket_.async_read_some(
        asio::buffer(first_), asio::redirect_error(asio::use_awaitable, error));
    if (!take(first_, size, error)) break;
    if (size == first_.size() && !read_available()) break;
  }
  close();
  server_.leave(*this);
  run_at_close();
}

std::shared_ptr<const Caller> Channel::caller() {
  if (!caller_) caller_ = std::make_shared<const Caller>(caller_of(socket_.native_handle(), accepted_));
  return caller_;
}

// What is there beyond the first bytes.
bool Channel::read_available() {
  boost::system::error_code error;
  const std::size_t size = socket_.read_some(asio::buffer(server_.scratch_), error);
  return error == asio::error::would_block || take(server_.scratch_, size, error);
}

// Takes `size` bytes out of `from` and wipes them there. False when the connection is broken: the end of what
// the client says is not the end of what it is told.
bool Channel::take(std::span<char> from, std::size_t size, const boost::system::error_code& error) {
  if (error == asio::error::eof) {
    // A last request need not end in a newline.
    if (!lines_.rest().empty()) lines_.append("\n");
    reading_ended_ = true;
    return true;
  }
  if (error) return false;
  lines_.append({from.data(), size});
  explicit_bzero(from.data(), size);
  return true;
}

bool Channel::is_held_back() const {
  // One batch at a time: its answers are one line, which is written while they come.
  return batch_runs_ || running_ >= server_.options_.most_concurrent ||
         out_.size() > server_.options_.held_back_at;
}

// True if it stopped before the last whole line.
bool Channel::handle_lines() {
  while (socket_.is_open()) {
    if (is_held_back()) return true;
    const std::optional<std::string_view> line = lines_.next();
    if (!line) break;
    if (line->find_first_not_of(" \t\r") != std::string_view::npos) handle(*line);
  }
  if (lines_.too_long()) {
    end_with(response("null", RpcFault::invalid_request, "The line is too long: at most 1 MiB."));
  }
  return false;
}

void Channel::handle(std::string_view line) {
  // Parsed into memory of our own that is wiped: what is in it may be a token.
  unsigned char room[4096];  // holds a long token, as Entra's, so that none of it reaches the heap
  {
    json::monotonic_resource memory(room, sizeof room);
    boost::system::error_code wrong;
    json::parse_options options;
    options.max_depth = static_cast<std::uint8_t>(server_.options_.deepest);
    const json::value request = json::parse(line, wrong, &memory, options);
    if (wrong == json::error::too_deep) {
      end_with(response("null", RpcFault::parse_error, "The line is nested too deep: at most 32 levels."));
    } else if (wrong) {
      send(response("null", RpcFault::parse_error));
    } else if (!request.is_array()) {
      handle_one(request);
    } else if (request.get_array().empty()) {
      send(response("null", RpcFault::invalid_request));
    } else {
      ++running_;
      batch_runs_ = true;
      spawn(socket_.get_executor(), handle_batch(json::value(request, json::storage_ptr())));
    }
  }
  explicit_bzero(room, sizeof room);
}

void Channel::handle_one(const json::value& request) {
  if (const auto answer = dispatch(request, nullptr)) send(*answer);
}

std::optional<std::string> Channel::dispatch(const json::value& request,
                                             const std::shared_ptr<Batch>& batch) {
  auto read = read_call(request);
  if (const auto* faulty = std::get_if<Faulty>(&read)) return response(faulty->id, faulty->fault);
  Call& call = std::get<Call>(read);
  const auto answered = [&](std::string text) {
    return call.id.empty() ? std::nullopt : std::optional(std::move(text));
  };

  if (server_.stopping_) {
    return answered(response(
        call.id,
        Error{.code = Errc::shutting_down, .message = "Forgelink is shutting down; try again in a moment."}));
  }
  if (call.method == "rpc.discover") {
    return answered(response(call.id, JsonText{server_.discover()}));
  }
  const MethodTable::Entry* entry = server_.methods_.find(call.method);
  if (entry == nullptr) return answered(response(call.id, RpcFault::method_not_found));

  try {
    Outcome outcome = entry->invoke(*call.params, *this);
    if (auto* now = std::get_if<Answer>(&outcome)) {
      return answered(*now ? response(call.id, **now) : response(call.id, now->error()));
    }
    ++running_;
    if (batch) ++batch->open;
    spawn(socket_.get_executor(), answer_later(std::move(call.id), entry->name,
                                               std::move(std::get<awaitable<Answer>>(outcome)), batch));
    return std::nullopt;
  } catch (const std::exception& bug) {
    return answered(response(call.id, internal_error(entry->name, bug).error()));
  }
}

awaitable<> Channel::answer_later(std::string id, std::string_view method, awaitable<Answer> coming,
                                  std::shared_ptr<Batch> batch) {
  const std::shared_ptr<Channel> keep = self();
  std::optional<Answer> answer;
  try {
    answer = co_await std::move(coming);
  } catch (const std::exception& bug) {
    answer = internal_error(method, bug);
  }
  --running_;
  if (!id.empty()) {
    const std::string text = *answer ? response(id, **answer) : response(id, answer->error());
    if (batch) {
      add_to_batch(text);
      flush();
    } else {
      send(text);
      flush();
    }
  }
  if (batch) --batch->open;
  progress_.notify();
}

// The client cannot be understood any further: it is told why, and no more is read.
void Channel::end_with(std::string last_line) {
  if (reading_ended_) return;
  send(last_line);
  lines_ = LineBuffer(server_.options_.longest_line);  // what follows means nothing
  reading_ended_ = true;
}

void Channel::notify(std::shared_ptr<const std::string> line) {
  if (!socket_.is_open()) return;
  const std::size_t unread = out_.event_bytes() + after_batch_.event_bytes();
  if (unread + line->size() > server_.options_.dropped_at) {
    spdlog::info("a subscriber that does not read its events was dropped");
    close();
    return;
  }
  send(*line, OutBuffer::Kind::event);
  flush();
}

bool Channel::is_gone() const {
  if (!socket_.is_open()) return true;
  // POLLHUP: both directions have ended (poll(2)), where reading alone would see the end of one.
  pollfd both{.fd = const_cast<Channel*>(this)->socket_.native_handle(), .events = 0, .revents = 0};
  return poll(&both, 1, 0) > 0 && (both.revents & (POLLHUP | POLLERR)) != 0;
}

void Channel::send(std::string_view line, OutBuffer::Kind kind) {
  if (!socket_.is_open()) return;
  OutBuffer& into = batch_begun_ ? after_batch_ : out_;
  into.append(line, kind);
  into.append("\n", kind);
}

void Channel::flush_now() {
  flush();
  progress_.notify();
}

// Writes what goes without waiting, which is nearly always all of it.
void Channel::flush() {
  if (out_.empty() || writing_ || !socket_.is_open()) return;
  boost::system::error_code error;
  const std::size_t written = socket_.write_some(asio::buffer(out_.front()), error);
  if (error && error != asio::error::would_block) {
    close();
    return;
  }
  wrote(written);
  if (out_.empty()) return;
  writing_ = true;
  spawn(socket_.get_executor(), write_rest());
}

awaitable<> Channel::write_rest() {
  const std::shared_ptr<Channel> keep = self();
  while (!out_.empty() && socket_.is_open()) {
    boost::system::error_code error;
    co_await socket_.async_wait(asio::socket_base::wait_write,
                                asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    const std::size_t written = socket_.write_some(asio::buffer(out_.front()), error);
    if (error && error != asio::error::would_block) {
      close();
      break;
    }
    wrote(written);
    progress_.notify();
  }
  writing_ = false;
  progress_.notify();
}

void Channel::wrote(std::size_t count) {
  wrote_much_ = wrote_much_ || out_.size() > server_.options_.held_back_at;
  out_.consume(count);
  if (out_.empty() && std::exchange(wrote_much_, false)) server_.return_memory_later();
}

void Channel::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (out_.size() > server_.options_.held_back_at) server_.return_memory_later();
  out_.clear();
  after_batch_.clear();
  progress_.notify();
}

}  // namespace forgelink::ipc
