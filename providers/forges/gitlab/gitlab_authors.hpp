// SPDX-License-Identifier: MIT
// Who wrote a commit on GitLab, whose REST API names no user (docs/forges.md 4.6).
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::gitlab {

// Adds the user names that are sure: the account's own addresses, GitLab's noreply addresses, and whom a
// search for a public address finds. What is learned is kept while the daemon runs, nobody being found
// included, up to a limit. A search that the forge refuses ends the searching, not the list.
awaitable<> add_gitlab_usernames(http::Client& client, Target target, std::vector<Commit>& commits);

}  // namespace forgelink::forges::gitlab
