// SPDX-License-Identifier: MIT
// All methods of the daemon in one list: a new method is one line here.
#pragma once

#include "daemon/services.hpp"
#include "ipc/method_table.hpp"

namespace forgelink {

ipc::MethodTable make_method_table(Services& services);

// Those of a lent socket. `server` is set once there is one; both references must outlive the table.
ipc::MethodTable make_lent_table(Services& services, std::shared_ptr<LentConnections> lent,
                                 const ipc::Server*& server);

}  // namespace forgelink
