// SPDX-License-Identifier: MIT
#pragma once

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

namespace forgelink::protocol {

struct AccessQuestions {
  static constexpr std::string_view name = "access.questions";
  static constexpr std::string_view summary = "Questions about access that wait for an answer.";

  struct Params {
    void fields(auto&) {}
  };
  struct Reply {
    std::vector<boost::json::object> questions;
    void fields(auto& f) {
      f.required("questions", questions, "The oldest first, each as the `detail` of its access.asked.");
    }
  };
};

}  // namespace forgelink::protocol
