// SPDX-License-Identifier: MIT
// All methods of the daemon in one list: a new method is one line here.
#pragma once

#include "daemon/services.hpp"
#include "ipc/method_table.hpp"

namespace forgelink {

ipc::MethodTable make_method_table(Services& services);

}  // namespace forgelink
