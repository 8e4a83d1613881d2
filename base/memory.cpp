// SPDX-License-Identifier: MIT
#include "base/memory.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace forgelink {
namespace {

constexpr int default_padding = 128 << 10;  // what glibc begins with (mallopt(3), M_TOP_PAD)
constexpr std::size_t most_padding = 1 << 30;
constexpr std::uintptr_t huge_page = 2 << 20;

std::uintptr_t heap_end() { return reinterpret_cast<std::uintptr_t>(sbrk(0)); }

}  // namespace

// glibc keeps what was freed in the middle of its heap (malloc_trim(3)).
void release_free_memory() { malloc_trim(0); }

HeapReserve::HeapReserve(std::size_t bytes) {
  // The padding is added when the heap grows, and stays when it is trimmed. Sanitizers know no such option.
  if (mallopt(M_TOP_PAD, static_cast<int>(std::min(bytes, most_padding))) == 0) return;
  const std::uintptr_t before = heap_end();
  // Blocks that a heap is used for, not a mapping of their own; the first may still fit into what there is.
  std::vector<std::unique_ptr<char[]>> blocks;
  for (int i = 0; i < 8 && heap_end() == before; ++i) blocks.push_back(std::make_unique<char[]>(64 << 10));
  const std::uintptr_t first = (before + huge_page - 1) / huge_page * huge_page;
  if (const std::uintptr_t end = heap_end(); end > first)
    madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

HeapReserve::~HeapReserve() {
  mallopt(M_TOP_PAD, default_padding);
  malloc_trim(default_padding);
}

}  // namespace forgelink
