// SPDX-License-Identifier: MIT
#include "daemon/methods/about_connection.hpp"

namespace forgelink {

Error about(Error error, const std::string& connection) {
  if (!connection.empty()) error.details["connection"] = connection;
  return error;
}

}  // namespace forgelink
