// SPDX-License-Identifier: MIT
// What a sign-in is for. A plain value.
#pragma once

#include <string>

#include "clients/gtk/json_access.hpp"

namespace forgelink::gtk {

struct SignInRequest {
  json::object params;  // of `sign_in.start`, without the method
  std::string type;     // id of the connection's type
  std::string name;     // of the connection
  bool is_new = false;
};

}  // namespace forgelink::gtk
