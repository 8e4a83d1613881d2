// SPDX-License-Identifier: MIT
// Connections in words, for a person. Plain functions of their arguments.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/shell_word.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/connection_view.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::cli {

// "2027-02-01"; "" without a time.
std::string day_of(const std::optional<Time>& time);

// "valid until 2027-02-01", "missing: forgelink edit Work"
std::string token_in_words(const protocol::ConnectionView& connection);

// Of what token_in_words() says: good while valid, a warning where it ends within two weeks or nobody knows.
Color token_color(const std::string& words);

// All about one connection, a line each; `types` is what type.list says, for what scopes are for.
std::string connection_in_words(const protocol::ConnectionView& connection,
                                const std::vector<protocol::TypeList::TypeView>& types);

}  // namespace forgelink::cli
