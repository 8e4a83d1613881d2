// SPDX-License-Identifier: MIT
// What a program holds of tokens for a moment is not for others: no core file, whatever asks for one, and no
// reading or tracing by other programs of the same user (prctl(2), PR_SET_DUMPABLE).
#pragma once

#include <sys/prctl.h>

namespace forgelink {

inline void hide_process() { prctl(PR_SET_DUMPABLE, 0); }

}  // namespace forgelink
