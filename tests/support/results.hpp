// SPDX-License-Identifier: MIT
// Matchers for Result: EXPECT_THAT(store.forget(id), FailsWith(Errc::not_found)).
#pragma once

#include <gmock/gmock.h>

#include <ostream>

#include "base/result.hpp"

namespace forgelink {

inline void PrintTo(Errc code, std::ostream* out) { *out << kind(code); }
inline void PrintTo(const Error& error, std::ostream* out) {
  *out << kind(error.code) << ": " << error.message;
}

// Values need not be printable: whether there is one, or the error.
template <class T>
void PrintTo(const boost::system::result<T, Error>& result, std::ostream* out) {
  if (result.has_value()) {
    *out << "a value";
  } else {
    PrintTo(result.error(), out);
  }
}

MATCHER_P(FailsWith, code, std::string("fails with ") + std::string(kind(code))) {
  if (arg.has_value()) {
    *result_listener << "it succeeded";
    return false;
  }
  *result_listener << kind(arg.error().code) << ": " << arg.error().message;
  return arg.error().code == code;
}

MATCHER(Succeeds, "succeeds") {
  if (!arg.has_value()) *result_listener << kind(arg.error().code) << ": " << arg.error().message;
  return arg.has_value();
}

}  // namespace forgelink
