// SPDX-License-Identifier: MIT
#include "base/secret.hpp"

#include <cstring>
#include <utility>

#include "base/locked_memory.hpp"

namespace forgelink {

Secret::Secret(std::string_view text) : size_(text.size()) {
  if (size_ == 0) return;
  data_ = static_cast<char*>(locked_memory().allocate(size_, 1));
  std::memcpy(data_, text.data(), size_);
}

Secret Secret::of_size(std::size_t size, const std::function<void(char*)>& fill) {
  Secret made;
  if (size == 0) return made;
  made.data_ = static_cast<char*>(locked_memory().allocate(size, 1));
  made.size_ = size;
  fill(made.data_);
  return made;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

bool Secret::equals(std::string_view other) const {
  if (other.size() != size_) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    difference |= static_cast<unsigned char>(data_[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

void Secret::wipe() {
  if (data_ == nullptr) return;
  explicit_bzero(data_, size_);
  locked_memory().deallocate(data_, size_, 1);
  data_ = nullptr;
  size_ = 0;
}

}  // namespace forgelink
