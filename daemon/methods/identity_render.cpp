// SPDX-License-Identifier: MIT
#include "daemon/methods/identity_render.hpp"

namespace forgelink {

awaitable<Result<IdentityRender::Reply>> IdentityRender::call(Params params) const {
  if (params.enabled) {
    Result<> turned = files.turn(*params.enabled);
    if (!turned) co_return turned.error();
  }
  co_return Reply{.enabled = files.is_on(), .file = files.entry().string()};
}

}  // namespace forgelink
