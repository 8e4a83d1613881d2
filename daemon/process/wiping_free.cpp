// SPDX-License-Identifier: MIT
// Freed memory is wiped, everywhere in this process.
//
// `Secret` wipes itself, but JSON values, TLS records, D-Bus messages and strings inside libraries hold
// tokens for a moment as well, and none of them can be told to clean up. So the process replaces free() and
// realloc() (glibc manual, "Replacing malloc"): what is given back is zeroed first. All libraries, GLib and
// OpenSSL included, are bound to these. Left out under sanitizers, which bring an allocator of their own.
#include <malloc.h>
#include <string.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

extern "C" {

void __libc_free(void*);
void* __libc_malloc(size_t);

void free(void* memory) {
  if (memory == nullptr) return;
  const int error = errno;
  explicit_bzero(memory, malloc_usable_size(memory));
  __libc_free(memory);
  errno = error;
}

// The library's realloc may move a block and leave the old one as it was.
void* realloc(void* memory, size_t size) {
  if (memory == nullptr) return __libc_malloc(size);
  if (size == 0) {
    free(memory);
    return nullptr;
  }
  const size_t room = malloc_usable_size(memory);
  if (size <= room && size >= room / 2) return memory;
  void* moved = __libc_malloc(size);
  if (moved == nullptr) return nullptr;
  memcpy(moved, memory, size < room ? size : room);
  free(memory);
  return moved;
}

void* reallocarray(void* memory, size_t count, size_t size) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(memory, bytes);
}

}  // extern "C"

// The sized and aligned forms of operator delete all end in free().
