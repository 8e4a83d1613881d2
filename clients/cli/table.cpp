// SPDX-License-Identifier: MIT
#include "clients/cli/table.hpp"

#include <algorithm>

#include "clients/cli/terminal.hpp"

namespace forgelink::cli {

constexpr std::size_t widest = 60;

std::string Columns::text(const std::vector<std::vector<std::string>>& rows) {
  for (const auto& row : rows) {
    widths_.resize(std::max(widths_.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths_[i] = std::max(widths_[i], std::min(widest, width_of(clean(row[i]))));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = clean(row[i]);
      const std::size_t width = width_of(cell);
      line += cell + std::string(widths_[i] > width ? widths_[i] - width + 2 : 2, ' ');
    }
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  }
  return text;
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(clean(row[i])));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = clean(row[i]);
      const auto color_of = colors_.find(i);
      const bool heading = &row == &rows_.front();
      const Color color = heading || color_of == colors_.end() ? Color::none : color_of->second(cell);
      line += colored(cell, color) + std::string(widths[i] - width_of(cell) + 2, ' ');
    }
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  }
  return text;
}

}  // namespace forgelink::cli
