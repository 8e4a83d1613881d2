// SPDX-License-Identifier: MIT
// Rows with columns that stand below each other on a terminal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "clients/cli/terminal.hpp"

namespace forgelink::cli {

// Rows that come page by page: columns grow wider, up to a limit, and never narrower.
class Columns {
 public:
  std::string text(const std::vector<std::vector<std::string>>& rows);

 private:
  std::vector<std::size_t> widths_;
};

class Table {
 public:
  explicit Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  // Colours the cells of one column, headings apart, by what is in them.
  using ColorOf = Color (*)(const std::string& cell);
  void color(std::size_t column, ColorOf color_of) { colors_[column] = color_of; }

  // Cells are cleaned here, so nothing unclean gets out.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::map<std::size_t, ColorOf> colors_;
};

}  // namespace forgelink::cli
