// SPDX-License-Identifier: MIT
// A value, or the Error why there is none. For what may normally fail; exceptions are for bugs and for
// failing to start.
//
//   Result<Connection> found = registry.find(id);
//   if (!found) co_return found.error();
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>

#include "base/error.hpp"

namespace forgelink {

template <class T = void>
using Result = boost::system::result<T, Error>;

// Found by Boost when somebody asks a failed Result for its value: a bug, so it throws.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("unchecked failure: " + error.message);
}

}  // namespace forgelink
