// SPDX-License-Identifier: MIT
// Builds the view of a connection for clients. Plain functions; on the loop.
#pragma once

#include "daemon/settings/settings.hpp"
#include "ipc/protocol/connection_view.hpp"
#include "storage/connection.hpp"

namespace forgelink {

using protocol::ConnectionView;

// `unreachable`: its token cannot be reached now (SecretVault::is_unreachable). `settings`: says whether the
// policy is against it.
ConnectionView view_of(const Connection& connection, Time now, bool unreachable, const Settings& settings);

// A sign-in that renews its own tokens: the date of the access token is not the end of the connection's.
bool renews_itself(const Connection& connection);

// A personal token that its forge trades for a new one, as far as its scopes are known. Which scopes let it:
// Rotation::scopes.
bool can_rotate(const Connection& connection);

// The state as of now: a token whose date has passed is `expired` whatever the row says.
TokenState state_of(const Connection& connection, Time now);

}  // namespace forgelink
