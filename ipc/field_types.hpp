// SPDX-License-Identifier: MIT
// The kinds of values that a method's parameters and reply are made of, beyond those of the language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/secret.hpp"

namespace forgelink::ipc {

// How many entries of a list are wanted at once.
struct Limit {
  static constexpr std::int64_t least = 1, most = 1000;
  std::int64_t value = 100;
};

// Text that may be longer than a name: an address, a path, a cursor. As long as the longest line that git
// writes to a credential helper.
struct LongText {
  static constexpr std::size_t most = 65'535;
  std::string value;
};

// The body of a request: as much as a request line can hold.
struct BodyText {
  static constexpr std::size_t most = 1 << 20;
  std::string value;
};

// A parameter that may be left out, set to nothing (null), or given: an edit of a value that need not exist.
template <class T>
struct Change {
  bool given = false;
  std::optional<T> value;
};

// A secret on its way to the one program that may have it (git's helper). The only secret that can be
// encoded, so every reply that carries one says so by this name.
struct HandedOut {
  Secret secret;
};

}  // namespace forgelink::ipc
