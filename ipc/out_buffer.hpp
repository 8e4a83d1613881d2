// SPDX-License-Identifier: MIT
// The write queue of a client: lines of answers and events, in order.
//
// Wipes what was written, since an answer may hold a token. Counts the bytes of events apart, since a client
// that does not read those is dropped, however many answers it has requested. A plain value without I/O.
#pragma once

#include <deque>
#include <string>
#include <string_view>

namespace forgelink::ipc {

class OutBuffer {
 public:
  enum class Kind { answer, event };

  OutBuffer() = default;
  OutBuffer(OutBuffer&& other) noexcept;
  OutBuffer& operator=(OutBuffer&& other) noexcept;
  ~OutBuffer() { clear(); }

  void append(std::string_view bytes, Kind kind);
  void append(const OutBuffer& other);

  // What comes next; valid until the next call.
  std::string_view front() const { return std::string_view(bytes_).substr(begin_); }
  // That many bytes of it were written.
  void consume(std::size_t count);
  void clear();

  bool empty() const { return begin_ == bytes_.size(); }
  std::size_t size() const { return bytes_.size() - begin_; }
  std::size_t event_bytes() const { return event_bytes_; }

 private:
  struct Run {
    Kind kind;
    std::size_t size;
  };

  void compact();

  std::string bytes_;
  std::size_t begin_ = 0;  // before it everything is written and wiped
  std::deque<Run> runs_;   // of what waits
  std::size_t event_bytes_ = 0;
};

}  // namespace forgelink::ipc
