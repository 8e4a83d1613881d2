// SPDX-License-Identifier: MIT
// Memory for secrets: kept out of swap (mlock) and out of core files (MADV_DONTDUMP).
//
// Pages are taken from the system as needed and never given back; freed blocks are used again. Whoever puts a
// secret there wipes it before freeing, as `Secret` does. Safe to use on every thread; lives as long as the
// process.
#pragma once

#include <memory_resource>

namespace forgelink {

std::pmr::memory_resource& locked_memory();

// False once the system refused to lock a page (RLIMIT_MEMLOCK): secrets still work, but may be swapped out.
bool memory_is_locked();

}  // namespace forgelink
