// SPDX-License-Identifier: MIT
#include "providers/list_guard.hpp"

namespace forgelink {
namespace {

// Bitbucket's walk has an empty page for each workspace without a repository of the account's.
constexpr std::size_t most_empty = 100;
constexpr std::size_t most_pages = 10'000;

}  // namespace

bool ListGuard::may_go_on(const std::string& next, bool empty) {
  empty_in_a_row_ = empty ? empty_in_a_row_ + 1 : 0;
  return empty_in_a_row_ < most_empty && seen_.size() < most_pages && seen_.insert(next).second;
}

}  // namespace forgelink
