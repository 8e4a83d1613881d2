// SPDX-License-Identifier: MIT
// Gives memory that was freed back to the system. Takes some milliseconds after a large list; call it when
// the work is done, not in it. Any thread.
#pragma once

namespace forgelink {

void release_free_memory();

}  // namespace forgelink
