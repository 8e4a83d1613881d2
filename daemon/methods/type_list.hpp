// SPDX-License-Identifier: MIT
// Handles `type.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "base/result.hpp"
#include "daemon/settings/settings.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink {

struct TypeList : protocol::TypeList {
  const Settings& settings;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
