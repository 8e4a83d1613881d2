// SPDX-License-Identifier: MIT
#include "clients/cli/connection_word.hpp"

#include "base/shell_word.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {

bool can_be_typed(const std::string& name) { return !name.starts_with('-') && clean(name) == name; }

std::string connection_word(const std::string& name, const std::string& id) {
  return can_be_typed(name) || id.empty() ? quoted(name) : id;
}

}  // namespace forgelink::cli
