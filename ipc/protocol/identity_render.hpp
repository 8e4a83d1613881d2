// SPDX-License-Identifier: MIT
// The types of `identity.render`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink::protocol {

struct IdentityRender {
  static constexpr std::string_view name = "identity.render";
  static constexpr std::string_view summary =
      "Return whether the rules are rendered as git configuration for the commit identity, and where; or "
      "turn that on or off.";

  struct Params {
    std::optional<bool> enabled;

    void fields(auto& f) { f.optional("enabled", enabled, "On or off; unchanged if left out."); }
  };
  struct Reply {
    bool enabled = false;
    std::string file;

    void fields(auto& f) {
      f.required("enabled", enabled, "Whether the file is there and follows the rules.");
      f.required("file", file, "What git's configuration is to include.");
    }
  };
};

}  // namespace forgelink::protocol
