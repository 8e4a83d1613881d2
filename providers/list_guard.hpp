// SPDX-License-Identifier: MIT
// Detects a list without an end: a forge whose next page was requested before, or whose pages stay empty. One
// object per walk over a list; used on one thread.
#pragma once

#include <string>
#include <unordered_set>

namespace forgelink {

class ListGuard {
 public:
  // May the list go on with the page `next`, after one that was empty or not? False for an address that was
  // given before, after a hundred empty pages in a row, and after ten thousand pages in all.
  bool may_go_on(const std::string& next, bool empty);

 private:
  std::unordered_set<std::string> seen_;
  std::size_t empty_in_a_row_ = 0;
};

}  // namespace forgelink
