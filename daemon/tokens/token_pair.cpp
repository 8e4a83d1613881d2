// SPDX-License-Identifier: MIT
#include "daemon/tokens/token_pair.hpp"

#include <algorithm>

namespace forgelink {

SharedSecret access_of(SharedSecret stored) {
  const auto line = stored->reveal().find('\n');
  if (line == std::string_view::npos) return stored;
  return std::make_shared<const Secret>(stored->reveal().substr(0, line));
}

SharedSecret refresh_of(const Secret& stored) {
  const auto line = stored.reveal().find('\n');
  return std::make_shared<const Secret>(line == std::string_view::npos ? std::string_view()
                                                                       : stored.reveal().substr(line + 1));
}

SharedSecret stored_form(const TokenPair& pair) {
  if (!pair.refresh) return std::make_shared<const Secret>(pair.access.reveal());
  const std::string_view access = pair.access.reveal(), refresh = pair.refresh->reveal();
  auto fill = [&](char* into) {
    into = std::copy(access.begin(), access.end(), into);
    *into++ = '\n';
    std::copy(refresh.begin(), refresh.end(), into);
  };
  return std::make_shared<const Secret>(Secret::of_size(access.size() + 1 + refresh.size(), fill));
}

}  // namespace forgelink
