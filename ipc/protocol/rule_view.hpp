// SPDX-License-Identifier: MIT
// A rule as clients see it: what `rule.*` replies carry.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace forgelink::protocol {

struct RuleView {
  std::string id, connection, name;
  std::optional<std::string> url, directory;
  Time created_at{};
  bool in_force = true;

  void fields(auto& f) {
    f.required("id", id, "Its id.");
    f.required("connection", connection, "The id of the connection that it names.");
    f.required("name", name, "The name of that connection.");
    f.optional("url", url, "The address at or below which it counts, decoded; null for any.");
    f.optional("directory", directory, "The folder in or below which it counts; null for any.");
    f.required("created_at", created_at, "When it was created.");
    f.required("in_force", in_force, "False where the connection does not serve the host any more.");
  }
};

}  // namespace forgelink::protocol
