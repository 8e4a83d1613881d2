// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "clients/cli/import/parsers.hpp"

namespace forgelink::cli {
namespace {

// PROTOCOL://USER:PASSWORD@HOST[/PATH], as git itself reads it; false for what git would pass over.
bool read_line(std::string_view line, Found& found) {
  const auto scheme_end = line.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0) return false;
  found.scheme = line.substr(0, scheme_end);
  std::string_view rest = line.substr(scheme_end + 3);
  const auto slash = rest.find('/');
  const std::string_view who_and_where = rest.substr(0, slash);
  const auto at = who_and_where.find('@');
  if (at == std::string_view::npos) return false;
  const std::string_view who = who_and_where.substr(0, at);
  const auto colon = who.find(':');
  const Secret host = decoded(who_and_where.substr(at + 1));
  if (!is_host(host.reveal())) return false;
  found.host = host.reveal();
  if (slash != std::string_view::npos) found.path = decoded(rest.substr(slash + 1)).reveal();
  fill_in(found, decoded(who.substr(0, colon)),
          colon == std::string_view::npos ? Secret() : decoded(who.substr(colon + 1)));
  return !found.token.empty();
}

}  // namespace

Parsed parse_git_store(std::string_view text) {
  Parsed parsed;
  std::size_t strange = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t newline = text.find('\n', begin);
    const std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
    std::string_view line = text.substr(begin, end - begin);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    Found found{.source = "git-store"};
    if (read_line(line, found)) {
      found.cuts.push_back({.begin = begin, .end = end});
      if (found.scheme == "https" || found.scheme == "http") parsed.found.push_back(std::move(found));
    } else if (line.find_first_not_of(" \t") != std::string_view::npos && !line.starts_with('#')) {
      ++strange;
    }
    begin = end;
  }
  if (strange > 0)
    parsed.trouble = fmt::format("{} line{} of it {} no credential{}.", strange, strange == 1 ? "" : "s",
                                 strange == 1 ? "is" : "are", strange == 1 ? "" : "s");
  return parsed;
}

}  // namespace forgelink::cli
