// SPDX-License-Identifier: MIT
// Cuts a stream of bytes into lines. Holds what is not yet a whole line, and wipes what was handed out: a
// request may hold a token. A plain value without I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink::ipc {

class LineBuffer {
 public:
  explicit LineBuffer(std::size_t longest) : longest_(longest) {}

  void append(std::string_view bytes);

  // The next whole line without its newline, valid until the next call; nothing if there is none yet.
  std::optional<std::string_view> next();

  // A line has grown beyond what is allowed: nothing sensible can follow.
  bool too_long() const { return too_long_; }

  // What came after the last newline; a last line need not have one.
  std::string_view rest() const { return std::string_view(bytes_).substr(begin_); }

 private:
  void forget_handed_out();

  std::size_t longest_;
  std::string bytes_;
  std::size_t begin_ = 0;       // of what was not handed out yet
  std::size_t handed_out_ = 0;  // bytes before this one are wiped at the next call
  std::size_t searched_ = 0;    // up to here there is no newline, so that it is not looked for twice
  bool too_long_ = false;
};

}  // namespace forgelink::ipc
