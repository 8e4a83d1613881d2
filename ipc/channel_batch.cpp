// SPDX-License-Identifier: MIT
// Batches (JSON-RPC 2.0, section 6): one line that is written while its answers come.
#include <boost/asio/post.hpp>

#include "ipc/channel.hpp"

namespace forgelink::ipc {
namespace {

// Entries of a batch after which the others get their turn on the loop.
constexpr std::size_t batch_slice = 64;
constexpr std::size_t batch_slice_bytes = 256 << 10;

}  // namespace

// The array is written while it grows, and no faster than the client reads it.
awaitable<> Channel::handle_batch(json::value requests) {
  const std::shared_ptr<Channel> keep = self();
  const auto batch = std::make_shared<Batch>();
  std::size_t count = 0, last_turn = 0;
  for (const json::value& request : requests.get_array()) {
    if (++count - last_turn >= batch_slice || out_.size() > batch_slice_bytes) {
      last_turn = count;
      flush();
      co_await asio::post(asio::use_awaitable);
    }
    // The batch itself counts as one that runs, hence `>`.
    const auto must_wait = [this] {
      return running_ > server_.options_.most_concurrent || out_.size() > server_.options_.held_back_at;
    };
    while (must_wait() && socket_.is_open()) co_await progress_.wait();
    if (!socket_.is_open()) break;
    if (const auto answer = dispatch(request, batch)) add_to_batch(*answer);
  }
  // Also when the client has gone: what was started still refers to this batch.
  while (batch->open > 0) co_await progress_.wait();
  --running_;
  end_batch();
  flush();
  progress_.notify();
}

void Channel::add_to_batch(std::string_view answer) {
  if (!socket_.is_open()) return;
  out_.append(std::exchange(batch_begun_, true) ? "," : "[", OutBuffer::Kind::answer);
  out_.append(answer, OutBuffer::Kind::answer);
}

void Channel::end_batch() {
  batch_runs_ = false;
  if (std::exchange(batch_begun_, false) && socket_.is_open()) out_.append("]\n", OutBuffer::Kind::answer);
  out_.append(after_batch_);
  after_batch_.clear();
}

}  // namespace forgelink::ipc
