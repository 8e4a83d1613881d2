// SPDX-License-Identifier: MIT
// Uses of connections in words, for a person. Plain functions of their arguments; the CLI's only thread.
#pragma once

#include <string>
#include <vector>

#include "ipc/protocol/access_list.hpp"

namespace forgelink::cli {

class Context;

// The cells of one use: when, connection, program, what for, where, what came of it.
std::vector<std::string> use_cells(const protocol::AccessList::EntryView& entry);

// The same on one line.
std::string use_in_words(const protocol::AccessList::EntryView& entry);

inline constexpr const char* locked_in_words =
    "Forgelink is locked: it hands out no token until `forgelink unlock`.";

// Prints that, where it is so.
void tell_lock(Context& context);

// The name of the connection with that id; the id if there is none.
std::string name_of_connection(Context& context, const std::string& id);

}  // namespace forgelink::cli
