// SPDX-License-Identifier: MIT
#include "clients/cli/import/asking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

bool ask_for_type(const ImportPlanner& planner, Finding& finding) {
  const auto types = planner.self_hosted();
  std::string question = fmt::format("What runs on {}?\n", clean(finding.found().host));
  for (std::size_t i = 0; i < types.size(); ++i)
    question += fmt::format("  {}  {}\n", i + 1, planner.label_of(types[i]));
  const auto answer = ask(question + "Number (empty: leave it out): ");
  if (!answer || answer->empty()) return false;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (*answer != types[i] && *answer != std::to_string(i + 1)) continue;
    const std::string usual = planner.server_of(finding.found(), types[i]);
    const auto server = ask(fmt::format("Its address [{}]: ", clean(usual)));
    if (!server) return false;
    finding.type = types[i];
    finding.server_url = server->empty() ? usual : *server;
  }
  return true;  // what is none of them is asked once more
}

bool ask_for_one(const ImportPlanner& planner, Finding& finding) {
  if (finding.missing == "type") return ask_for_type(planner, finding);
  const bool username = finding.missing == "username";
  const auto answer =
      ask(fmt::format("{} {} of the token for {} (empty: leave it out): ", planner.label_of(finding.type),
                      username ? "user name" : finding.missing, clean(finding.subject())));
  if (!answer || answer->empty()) return false;
  (username ? finding.username : finding.organization) = *answer;
  return true;
}

}  // namespace

void ask_for_what_is_missing(const ImportPlanner& planner, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    while (finding.state == "needs" && ask_for_one(planner, finding)) planner.decide(finding);
    if (finding.state == "needs") finding.state = "skipped";
    if (finding.state != "new" || !planner.has_field(finding.type, "email") || !finding.email.empty())
      continue;
    finding.email = ask(fmt::format("{}: email address of {} (may be empty; then it cannot be "
                                    "verified): ",
                                    planner.label_of(finding.type), clean(finding.subject())))
                        .value_or("");
  }
  planner.name(findings);
}

bool ask_which(std::vector<Finding>& findings) {
  std::vector<Finding*> fresh;
  for (Finding& finding : findings) {
    if (finding.state == "new") fresh.push_back(&finding);
  }
  if (fresh.empty()) return false;
  if (fresh.size() == 1)
    return agreed(fmt::format("Create a connection for {}?", clean(fresh[0]->subject())), true);
  const std::string answer =
      ask(fmt::format("Create {} connections? [Y/n/c] (c: choose one by one) ", fresh.size())).value_or("n");
  if (answer.starts_with('n') || answer.starts_with('N')) return false;
  if (!answer.starts_with('c') && !answer.starts_with('C')) return true;
  for (Finding* finding : fresh) {
    if (!agreed(fmt::format("Create one for {}?", clean(finding->subject())), true))
      finding->state = "skipped";
  }
  return true;
}

bool agreed(const std::string& question, bool if_empty) {
  const auto answer = ask(question + (if_empty ? " [Y/n] " : " [y/N] "));
  if (!answer) return false;
  if (answer->empty()) return if_empty;
  return answer->front() == 'y' || answer->front() == 'Y';
}

}  // namespace forgelink::cli
