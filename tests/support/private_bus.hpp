// SPDX-License-Identifier: MIT
// A message bus of one's own, for the session and the system alike, in a process that ends with the object.
// The environment names it meanwhile. Throws std::runtime_error where it does not start within 5 s.
#pragma once

#include <sys/types.h>
#include <filesystem>

#include "tests/support/private_home.hpp"

namespace forgelink {

class PrivateBus {
 public:
  PrivateBus();
  ~PrivateBus();
  PrivateBus(const PrivateBus&) = delete;

  // Is the program there?
  static bool possible();
  // The bus goes away, as at the end of a session.
  void stop();

 private:
  PrivateHome home_;
  pid_t process_ = 0;
};

}  // namespace forgelink
