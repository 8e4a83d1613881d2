// SPDX-License-Identifier: MIT
// The types of `credential.explain`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/field_types.hpp"

namespace forgelink::protocol {

struct CredentialExplain {
  static constexpr std::string_view name = "credential.explain";
  static constexpr std::string_view summary =
      "Explain what credential.get would answer, and why. Hands out no token and counts as no use.";

  struct Params {
    ipc::LongText protocol, host;
    std::optional<ipc::LongText> path, username, directory;

    void fields(auto& f) {
      f.required("protocol", protocol, "https, or what git asks with.");
      f.required("host", host, "The host, with its port if git names one.");
      f.optional("path", path, "The path, decoded as git sends it.");
      f.optional("username", username, "The user name, if git has one already.");
      f.optional("directory", directory, "The top of the work tree that git works in.");
    }
  };
  struct Candidate {
    std::string connection, name;
    bool fits = false;
    std::string reason;

    void fields(auto& f) {
      f.required("connection", connection, "The id of a connection on that host.");
      f.required("name", name, "Its name.");
      f.required("fits", fits, "Whether it may answer.");
      f.required("reason", reason, "Why, or why not.");
    }
  };
  struct Reply {
    std::string outcome;
    std::optional<std::string> connection, name, rule;
    std::string reason;
    std::vector<Candidate> candidates;

    void fields(auto& f) {
      f.required(
          "outcome", outcome,
          "answer, ambiguous, none, stored (what git stored for the host), or unusable (chosen, but its "
          "token cannot be given).");
      f.absent("connection", connection, "The id of the connection that is chosen.");
      f.absent("name", name, "Its name.");
      f.absent("rule", rule, "The id of the rule that chose it.");
      f.required("reason", reason, "The explanation, in a sentence or two.");
      f.required("candidates", candidates, "The connections on that host.");
    }
  };
};

}  // namespace forgelink::protocol
