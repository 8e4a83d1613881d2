// SPDX-License-Identifier: MIT
// One client's connection. Reads its lines, runs its requests concurrently, writes its answers together.
//
// On the loop only; owned by the server and by whatever of it is still running.
#pragma once

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <span>

#include "ipc/framing.hpp"
#include "ipc/out_buffer.hpp"
#include "ipc/rpc.hpp"
#include "ipc/server.hpp"

namespace forgelink::ipc {

class Channel : public Peer {
 public:
  Channel(Server& server, asio::local::stream_protocol::socket socket);

  // Until the client leaves and all is answered, or `close`.
  awaitable<> run();

  void notify(std::shared_ptr<const std::string> line) override;
  bool is_gone() const override;
  std::shared_ptr<const Caller> caller() override;

  bool is_busy() const { return running_ > 0; }
  void close();

  // Writes what waits, and goes on if that was what it waited for.
  void flush_now();

 private:
  // The entries of one batch that are still to be answered.
  struct Batch {
    std::size_t open = 0;
  };

  bool read_available();
  bool take(std::span<char> from, std::size_t size, const boost::system::error_code& error);
  bool handle_lines();
  void handle(std::string_view line);
  void handle_one(const json::value& request);
  awaitable<> handle_batch(json::value requests);
  // The answer at once, or nothing after starting it; `batch` gathers later ones.
  std::optional<std::string> dispatch(const json::value& request, const std::shared_ptr<Batch>& batch);
  awaitable<> answer_later(std::string id, std::string_view method, awaitable<Answer> coming,
                           std::shared_ptr<Batch> batch);
  void end_with(std::string last_line);

  bool is_held_back() const;
  void send(std::string_view line, OutBuffer::Kind kind = OutBuffer::Kind::answer);
  void add_to_batch(std::string_view answer);
  void end_batch();
  void wrote(std::size_t count);
  void flush();
  awaitable<> write_rest();
  std::shared_ptr<Channel> self() { return std::static_pointer_cast<Channel>(shared_from_this()); }

  Server& server_;
  asio::local::stream_protocol::socket socket_;
  std::array<char, 512> first_{};  // most requests fit; what is longer comes through the server's scratch
  LineBuffer lines_;
  std::uint64_t accepted_ = ticks_now();
  std::shared_ptr<const Caller> caller_;  // once somebody asked
  OutBuffer out_;
  OutBuffer after_batch_;  // whole lines that wait for the end of the batch's
  std::size_t running_ = 0;
  bool writing_ = false;
  bool batch_runs_ = false;
  bool batch_begun_ = false;  // its line has begun, and must not be broken by another
  bool wrote_much_ = false;
  bool reading_ended_ = false;
  Signal progress_;  // something finished or was written
};

}  // namespace forgelink::ipc
