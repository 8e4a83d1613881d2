// SPDX-License-Identifier: MIT
#include "daemon/process/memory_image.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace forgelink {
namespace {

// "1": the version of this form. A text is four bytes of size, in the machine's own order, and its bytes.
constexpr std::string_view magic = "forgelink-memory-1\n";

char* put(char* into, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  std::memcpy(into, &size, sizeof size);
  return std::copy(text.begin(), text.end(), into + sizeof size);
}

// Takes a text off the front.
std::optional<std::string_view> take(std::string_view& bytes) {
  std::uint32_t size = 0;
  if (bytes.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, bytes.data(), sizeof size);
  bytes.remove_prefix(sizeof size);
  if (bytes.size() < size) return std::nullopt;
  const std::string_view text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return text;
}

}  // namespace

void MemoryImage::add(std::string kind, std::string name, Secret value) {
  records_.push_back({.kind = std::move(kind), .name = std::move(name), .value = std::move(value)});
}

Secret MemoryImage::bytes() const {
  std::size_t size = magic.size();
  for (const Record& record : records_)
    size += 3 * sizeof(std::uint32_t) + record.kind.size() + record.name.size() + record.value.size();
  return Secret::of_size(size, [this](char* into) {
    into = std::copy(magic.begin(), magic.end(), into);
    for (const Record& record : records_) {
      into = put(into, record.kind);
      into = put(into, record.name);
      into = put(into, record.value.reveal());
    }
  });
}

std::optional<MemoryImage> MemoryImage::parse(std::string_view bytes) {
  if (!bytes.starts_with(magic)) return std::nullopt;
  bytes.remove_prefix(magic.size());
  MemoryImage image;
  while (!bytes.empty()) {
    const auto kind = take(bytes);
    const auto name = kind ? take(bytes) : std::nullopt;
    const auto value = name ? take(bytes) : std::nullopt;
    if (!value) return std::nullopt;
    image.add(std::string(*kind), std::string(*name), Secret(*value));
  }
  return image;
}

}  // namespace forgelink
