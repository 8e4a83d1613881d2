// SPDX-License-Identifier: MIT
#include "base/memory.hpp"

#include <malloc.h>

namespace forgelink {

// glibc keeps what was freed in the middle of its heap (malloc_trim(3)).
void release_free_memory() { malloc_trim(0); }

}  // namespace forgelink
