// SPDX-License-Identifier: MIT
// What glibc's heap is told about large amounts of memory (malloc_trim(3), mallopt(3)).
#pragma once

#include <cstddef>

namespace forgelink {

// Gives memory that was freed back to the system. Takes some milliseconds after a large list; call it when
// the work is done, not in it. Any thread.
void release_free_memory();

// Has the heap grow by `bytes` at once while it lives, in huge pages where the kernel grants them
// (madvise(2)): the kernel takes longer to hand out 100 MB in pages of 4 KiB than SQLite to read as much.
// What is not used is given back at the end. For the main thread, before others allocate much.
class HeapReserve {
 public:
  explicit HeapReserve(std::size_t bytes);
  ~HeapReserve();
  HeapReserve(const HeapReserve&) = delete;
  HeapReserve& operator=(const HeapReserve&) = delete;
};

}  // namespace forgelink
