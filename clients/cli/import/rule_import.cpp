// SPDX-License-Identifier: MIT
#include "clients/cli/import/rule_import.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/shell_word.hpp"
#include "clients/cli/git_place.hpp"
#include "clients/cli/import/asking.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

constexpr std::chrono::seconds rule_patience{10};

std::string conditions_of(const ProposedRule& rule) {
  return rule.directory.empty() ? rule.url : rule.url + " in " + rule.directory;
}

std::string command_of_proposal(const ProposedRule& rule) {
  return fmt::format("forgelink use {} --for {}{}", quoted(rule.connection), quoted(rule.url),
                     rule.directory.empty() ? "" : " --in " + quoted(rule.directory));
}

json::object params_of_proposal(const ProposedRule& rule) {
  json::object params{{"connection", rule.connection}, {"url", rule.url}};
  if (!rule.directory.empty()) params["directory"] = rule.directory;
  return params;
}

}  // namespace

void RuleImport::match() {
  const json::value there = context_.call("rule.list");
  for (ProposedRule& rule : proposals_) {
    if (rule.state != "new") continue;
    const auto question = question_for(rule.url);
    if (!question) continue;
    const json::value said = context_.call(
        "credential.explain",
        {{"protocol", question->protocol}, {"host", question->host}, {"username", rule.username}});
    rule.connection = text(said, "name");
    for (const json::value& known : there.at("rules").as_array()) {
      const bool same = text(known, "name") == rule.connection && text(known, "url") == rule.url &&
                        text(known, "directory") == rule.directory;
      if (same && !rule.connection.empty()) rule.state = "exists";
    }
  }
}

bool RuleImport::has_new() const {
  return std::any_of(proposals_.begin(), proposals_.end(), [](const ProposedRule& rule) {
    return rule.state == "new" && !rule.connection.empty();
  });
}

std::vector<std::string> RuleImport::lines() const {
  std::vector<std::string> all;
  for (const ProposedRule& rule : proposals_) {
    if (rule.state != "new") continue;
    all.push_back(rule.connection.empty()
                      ? fmt::format("{} takes the user {} for {}; there is no connection of that user.",
                                    rule.place, rule.username, conditions_of(rule))
                      : fmt::format("{} takes the user {} for {}. The same as a rule: {}", rule.place,
                                    rule.username, conditions_of(rule), command_of_proposal(rule)));
  }
  return all;
}

void RuleImport::make(bool ask) {
  for (ProposedRule& rule : proposals_) {
    if (rule.state != "new" || rule.connection.empty()) continue;
    const std::string question =
        fmt::format("Use “{}” for {}?", clean(rule.connection), clean(conditions_of(rule)));
    if (ask && !agreed(question, true)) continue;
    const auto answer = context_.try_call("rule.add", params_of_proposal(rule), rule_patience);
    const auto* refused = std::get_if<json::object>(&answer);
    rule.state = refused == nullptr ? "made" : "refused";
    if (context_.json_output) continue;
    if (refused != nullptr) {
      complain(text(json::value(*refused), "message"));
    } else {
      print(fmt::format("“{}” is used for {}.\n", clean(rule.connection), clean(conditions_of(rule))));
    }
  }
}

json::array RuleImport::as_json() const {
  json::array all;
  const auto or_null = [](const std::string& value) {
    return value.empty() ? json::value() : json::value(value);
  };
  for (const ProposedRule& rule : proposals_) {
    all.push_back(json::object{{"url", rule.url},
                               {"directory", or_null(rule.directory)},
                               {"username", rule.username},
                               {"connection", or_null(rule.connection)},
                               {"place", rule.place},
                               {"state", rule.state}});
  }
  return all;
}

}  // namespace forgelink::cli
