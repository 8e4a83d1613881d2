// SPDX-License-Identifier: MIT
// A token, password or client secret.
//
// Moved, never copied by accident; kept in locked memory; wiped when destroyed. There is no formatter and no
// JSON encoder for it, so that a leak into a log does not compile. `reveal()` is the only way out: call it at
// the last moment, in the expression that needs it. Use one object on one thread at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace forgelink {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  // Room for `size` bytes that `fill` writes, for text that should never exist anywhere else.
  static Secret of_size(std::size_t size, const std::function<void(char*)>& fill);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }

  // A second one with the same text, where two owners really are needed.
  Secret duplicate() const { return Secret(reveal()); }

  // Valid as long as this object is neither moved from nor destroyed.
  std::string_view reveal() const { return {data_, size_}; }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  // In time that does not depend on where they differ.
  bool equals(std::string_view other) const;
  bool equals(const Secret& other) const { return equals(other.reveal()); }

 private:
  void wipe();

  char* data_ = nullptr;
  std::size_t size_ = 0;
};

// What several hold at once, as a token that a request is sent with while another takes its place; the last
// to let go wipes it. Never changed, so it may cross threads.
using SharedSecret = std::shared_ptr<const Secret>;

}  // namespace forgelink
