// All methods of the daemon in one list.
#pragma once

#include "ipc/method_table.hpp"

namespace forgelink {

struct Services;

ipc::MethodTable make_method_table(const Services& services);

}  // namespace forgelink
