// SPDX-License-Identifier: MIT
// Turns what git's configuration says of user names into rules, with the person's yes.
#pragma once

#include "clients/cli/context.hpp"
#include "clients/cli/import/rule_proposals.hpp"

namespace forgelink::cli {

class RuleImport {
 public:
  RuleImport(Context& context, std::vector<ProposedRule> proposals)
      : context_(context), proposals_(std::move(proposals)) {}

  // Names the connection of each proposal, as far as there is one by now, and marks those that are rules
  // already.
  void match();
  bool has_new() const;

  // One line for each, for a person.
  std::vector<std::string> lines() const;
  // Makes the new ones for which `agreed` says yes.
  void make(bool ask);
  json::array as_json() const;

 private:
  Context& context_;
  std::vector<ProposedRule> proposals_;
};

}  // namespace forgelink::cli
