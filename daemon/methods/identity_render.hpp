// SPDX-License-Identifier: MIT
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
