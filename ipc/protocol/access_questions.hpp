// SPDX-License-Identifier: MIT
// The types of `access.questions`. Plain values; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace forgelink::protocol {

struct AccessQuestions {
  static constexpr std::string_view name = "access.questions";
  static constexpr std::string_view summary = "List the open questions about access.";

  struct Params {
    void fields(auto&) {}
  };
  // What clients read of a question: the `detail` of access.asked and each of `questions`.
  struct QuestionView {
    std::string request, message;
    void fields(auto& f) {
      f.required("request", request, "Its id, for access.answer.");
      f.required("message", message, "The question, for a person.");
    }
  };
  struct Reply {
    std::vector<boost::json::object> questions;
    void fields(auto& f) {
      f.required("questions", questions, "The oldest first, each as the `detail` of its access.asked.");
    }
  };
};

}  // namespace forgelink::protocol
