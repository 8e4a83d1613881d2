// SPDX-License-Identifier: MIT
// Standard input, output and error of a program that was started without one of them, as by `forgelink list
// >&-`.
//
// The next file to be opened would take the free number, and what is meant for a terminal would be written
// into the daemon's socket or the registry. Called first in main(), before there is a second thread.
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <initializer_list>

namespace forgelink {

// Takes the numbers that are free. Reading and writing there fails with EBADF, as it did.
inline void occupy_standard_files() {
  for (const int number : {0, 1, 2}) {
    if (fcntl(number, F_GETFD) == -1 && errno == EBADF) open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace forgelink
