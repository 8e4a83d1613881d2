// SPDX-License-Identifier: MIT
// Handles `identity.render`. On the event loop; what it refers to must outlive it.
#pragma once

#include "base/async.hpp"
#include "daemon/git/identity_files.hpp"
#include "ipc/protocol/identity_render.hpp"

namespace forgelink {

struct IdentityRender : protocol::IdentityRender {
  IdentityFiles& files;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
