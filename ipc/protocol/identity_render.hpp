// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink::protocol {

struct IdentityRender {
  static constexpr std::string_view name = "identity.render";
  static constexpr std::string_view summary =
      "Whether the rules are kept as git configuration for the identity of commits, and where; or turn that "
      "on or "
      "off.";

  struct Params {
    std::optional<bool> enabled;

    void fields(auto& f) { f.optional("enabled", enabled, "On or off; left out: only look."); }
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
