// SPDX-License-Identifier: MIT
#include "ipc/framing.hpp"

#include <cstring>

namespace forgelink::ipc {

void LineBuffer::append(std::string_view bytes) {
  forget_handed_out();
  bytes_.append(bytes);
}

std::optional<std::string_view> LineBuffer::next() {
  const auto newline = bytes_.find('\n', searched_);
  if (newline == std::string::npos) {
    searched_ = bytes_.size();
    // Checked before the newline has come: a line that never ends must not fill the memory.
    too_long_ = too_long_ || bytes_.size() - begin_ > longest_;
    forget_handed_out();
    return std::nullopt;
  }
  const std::string_view line = std::string_view(bytes_).substr(begin_, newline - begin_);
  begin_ = handed_out_ = searched_ = newline + 1;
  if (line.size() > longest_) {
    too_long_ = true;
    return std::nullopt;
  }
  return line;
}

void LineBuffer::forget_handed_out() {
  if (handed_out_ == 0) return;
  const std::size_t left = bytes_.size() - handed_out_;
  std::memmove(bytes_.data(), bytes_.data() + handed_out_, left);
  explicit_bzero(bytes_.data() + left, bytes_.size() - left);
  bytes_.resize(left);
  begin_ -= handed_out_;
  searched_ -= handed_out_;
  handed_out_ = 0;
  // A long request leaves no long buffer behind.
  if (bytes_.empty() && bytes_.capacity() > 4096) std::string().swap(bytes_);
}

}  // namespace forgelink::ipc
