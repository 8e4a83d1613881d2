// SPDX-License-Identifier: MIT
// One line of the access log: which program used which connection for what, and whether it got it. Never a
// token. A plain value.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/caller.hpp"
#include "base/clock.hpp"

namespace forgelink {

enum class AccessAction { git, repositories, commits, verify, api, run, lend };
enum class AccessOutcome {
  given,
  refused,  // there was none to give: missing, expired, rejected, keyring away, locked
  denied    // the person said no, or nobody said yes in time
};

struct AccessEntry {
  Time at{};
  std::string connection, connection_name;  // its id, and its name at that time
  AccessAction action = AccessAction::git;
  std::shared_ptr<const Caller> caller;  // shared by all entries of one client
  std::string directory, host, path;     // "" where there is none
  AccessOutcome outcome = AccessOutcome::given;
};

std::string_view name_of(AccessAction action);
std::string_view name_of(AccessOutcome outcome);
std::optional<AccessAction> access_action_of(std::string_view name);
std::optional<AccessOutcome> access_outcome_of(std::string_view name);

}  // namespace forgelink
