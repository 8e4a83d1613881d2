// SPDX-License-Identifier: MIT
#include "ipc/out_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace forgelink::ipc {
namespace {

// An idle client keeps no more than this.
constexpr std::size_t kept_when_empty = 4096;
// Moving what waits costs its size, so it is done when as much was written.
constexpr std::size_t compact_at = 64 << 10;

}  // namespace

OutBuffer::OutBuffer(OutBuffer&& other) noexcept { *this = std::move(other); }

OutBuffer& OutBuffer::operator=(OutBuffer&& other) noexcept {
  clear();
  bytes_.swap(other.bytes_);
  runs_.swap(other.runs_);
  std::swap(begin_, other.begin_);
  std::swap(event_bytes_, other.event_bytes_);
  return *this;
}

void OutBuffer::append(std::string_view bytes, Kind kind) {
  if (bytes.empty()) return;
  compact();
  bytes_ += bytes;
  if (runs_.empty() || runs_.back().kind != kind) runs_.push_back({.kind = kind, .size = 0});
  runs_.back().size += bytes.size();
  if (kind == Kind::event) event_bytes_ += bytes.size();
}

void OutBuffer::append(const OutBuffer& other) {
  std::string_view rest = other.front();
  for (const Run& run : other.runs_) {
    append(rest.substr(0, run.size), run.kind);
    rest.remove_prefix(run.size);
  }
}

void OutBuffer::consume(std::size_t count) {
  explicit_bzero(bytes_.data() + begin_, count);
  begin_ += count;
  while (count > 0) {
    Run& run = runs_.front();
    const std::size_t part = std::min(count, run.size);
    if (run.kind == Kind::event) event_bytes_ -= part;
    run.size -= part;
    count -= part;
    if (run.size == 0) runs_.pop_front();
  }
  if (empty()) clear();
}

void OutBuffer::clear() {
  explicit_bzero(bytes_.data(), bytes_.size());
  bytes_.clear();
  begin_ = event_bytes_ = 0;
  runs_.clear();
  if (bytes_.capacity() > kept_when_empty) std::string().swap(bytes_);
}

void OutBuffer::compact() {
  if (begin_ < compact_at || begin_ < size()) return;
  const std::size_t left = size();
  std::memmove(bytes_.data(), bytes_.data() + begin_, left);
  explicit_bzero(bytes_.data() + left, bytes_.size() - left);
  bytes_.resize(left);
  begin_ = 0;
}

}  // namespace forgelink::ipc
