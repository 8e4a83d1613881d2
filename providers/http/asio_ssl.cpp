// SPDX-License-Identifier: MIT
// Asio's TLS, compiled once.
#include <boost/asio/ssl/impl/src.hpp>  // IWYU pragma: keep
