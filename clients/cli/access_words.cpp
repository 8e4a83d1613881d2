// SPDX-License-Identifier: MIT
#include "clients/cli/access_words.hpp"

#include <fmt/format.h>

#include "clients/cli/context.hpp"

namespace forgelink::cli {
namespace {

std::string place_in(const json::value& entry) {
  const std::string host = text(entry, "host"), path = text(entry, "path");
  if (host.empty() || path.empty()) return host + path;
  // A request of an API begins with its method.
  const bool request = path.find(' ') != std::string::npos;
  return host + (request ? " " : path.front() == '/' ? "" : "/") + path;
}

}  // namespace

std::vector<std::string> use_cells(const json::value& entry) {
  const std::string program = text(entry, "program");
  return {text(entry, "at"),
          text(entry, "connection_name"),
          program.empty() ? "(ended)" : program,
          text(entry, "action"),
          place_in(entry),
          text(entry, "outcome")};
}

std::string use_in_words(const json::value& entry) {
  const std::vector<std::string> cells = use_cells(entry);
  return fmt::format("{}  {:<22}“{}”  {}  {}  {}  {}", cells[0], "token.used", cells[1], cells[2], cells[3],
                     cells[4], cells[5]);
}

}  // namespace forgelink::cli
