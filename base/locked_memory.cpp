// SPDX-License-Identifier: MIT
#include "base/locked_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <new>

namespace forgelink {
namespace {

std::atomic<bool> all_locked = true;

class LockedPages : public std::pmr::memory_resource {
  static std::size_t whole_pages(std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (bytes + page - 1) / page * page;
  }

  void* do_allocate(std::size_t bytes, std::size_t) override {
    const std::size_t size = whole_pages(bytes);
    void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    // Neither in a core dump nor in a child between fork and exec.
    madvise(pages, size, MADV_DONTDUMP);
    madvise(pages, size, MADV_DONTFORK);
    // RLIMIT_MEMLOCK is used up, most likely. A token in memory that may be swapped is better than none;
    // `forgelink doctor` tells.
    if (mlock(pages, size) != 0) all_locked = false;
    return pages;
  }

  void do_deallocate(void* pages, std::size_t bytes, std::size_t) override {
    munmap(pages, whole_pages(bytes));
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace

std::pmr::memory_resource& locked_memory() {
  // Never destroyed: secrets in other static objects may outlive any order of destruction.
  static auto* pages = new LockedPages;
  static auto* pool = new std::pmr::synchronized_pool_resource(
      {.max_blocks_per_chunk = 64, .largest_required_pool_block = 2048}, pages);
  return *pool;
}

bool memory_is_locked() { return all_locked; }

}  // namespace forgelink
