// SPDX-License-Identifier: MIT
#include "clients/cli/import/rule_import.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/shell_word.hpp"
#include "clients/cli/git_place.hpp"
#include "clients/cli/import/asking.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/credential_explain.hpp"
#include "ipc/protocol/rule_add.hpp"
#include "ipc/protocol/rule_list.hpp"

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

protocol::RuleAdd::Params params_of_proposal(const ProposedRule& rule) {
  protocol::RuleAdd::Params params{.connection = rule.connection, .url = ipc::LongText{rule.url}};
  if (!rule.directory.empty()) params.directory = {.value = rule.directory};
  return params;
}

}  // namespace

void RuleImport::match() {
  const auto there = context_.call<protocol::RuleList>().reply.rules;
  for (ProposedRule& rule : proposals_) {
    if (rule.state != "new") continue;
    const auto question = question_for(rule.url);
    if (!question) continue;
    protocol::CredentialExplain::Params asked{.protocol = {question->protocol}, .host = {question->host}};
    asked.username = {.value = rule.username};
    // The daemon says whom git would get for that user name, so that nothing else is proposed.
    rule.connection = context_.call<protocol::CredentialExplain>(std::move(asked)).reply.name.value_or("");
    for (const protocol::RuleView& known : there) {
      const bool same = known.name == rule.connection && known.url.value_or("") == rule.url &&
                        known.directory.value_or("") == rule.directory;
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
    const auto answer = context_.try_call<protocol::RuleAdd>(params_of_proposal(rule), rule_patience);
    const auto* refusal = std::get_if<Refusal>(&answer);
    rule.state = refusal == nullptr ? "made" : "refused";
    if (context_.json_output) continue;
    if (refusal != nullptr) {
      complain(refusal->error.message);
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
