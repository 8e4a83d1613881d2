// SPDX-License-Identifier: MIT
// Hardens the process before it holds any secret.
#pragma once

namespace forgelink {

// No core files, no reading of our memory by other processes of the same user (PR_SET_DUMPABLE, proc(5)), as
// many open files as the system allows, files for nobody but us.
void harden_process();

}  // namespace forgelink
