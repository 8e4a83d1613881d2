// SPDX-License-Identifier: MIT
// The types of `access.answer`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct AccessAnswer {
  static constexpr std::string_view name = "access.answer";
  static constexpr std::string_view summary = "Answer a question about access.";

  struct Params {
    std::string request, decision;
    void fields(auto& f) {
      f.required("request", request, "The question, as access.asked names it.");
      f.required("decision", decision, "once, session, always or deny.");
    }
  };
  struct Reply {
    std::string request, decision;
    void fields(auto& f) {
      f.required("request", request, "The question that was answered.");
      f.required("decision", decision, "What was answered.");
    }
  };
};

}  // namespace forgelink::protocol
