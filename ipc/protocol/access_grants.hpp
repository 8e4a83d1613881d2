// SPDX-License-Identifier: MIT
// The types of `access.grants`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace forgelink::protocol {

struct AccessGrants {
  static constexpr std::string_view name = "access.grants";
  static constexpr std::string_view summary =
      "List the grants: programs that may use a connection without a question.";

  struct Params {
    std::optional<std::string> connection;
    void fields(auto& f) { f.optional("connection", connection, "Only those of this one: its id or name."); }
  };
  struct GrantView {
    std::string grant, connection, executable, program, decision;
    Time created_at{};
    void fields(auto& f) {
      f.required("grant", grant, "Its id, for access.revoke.");
      f.required("connection", connection, "The id of the connection.");
      f.required("executable", executable, "The path of the program; its name if the path was hidden.");
      f.required("program", program, "The name people know it by.");
      f.required("decision", decision, "session or always.");
      f.required("created_at", created_at, "When it was given.");
    }
  };
  struct Reply {
    std::vector<GrantView> grants;
    void fields(auto& f) { f.required("grants", grants, "The oldest first."); }
  };
};

}  // namespace forgelink::protocol
