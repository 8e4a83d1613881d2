// SPDX-License-Identifier: MIT
// use, rules, unuse
#include "clients/cli/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/git_place.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/rule_add.hpp"
#include "ipc/protocol/rule_list.hpp"
#include "ipc/protocol/rule_remove.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

// The same id in every list: what can be typed of it, as long as no other begins so.
constexpr std::size_t shortest_id = 4;

void use(Context& context, const std::string& name, const std::string& url, const std::string& directory) {
  protocol::RuleAdd::Params params{.connection = name};
  if (!url.empty()) params.url = {.value = url};
  if (!directory.empty()) params.directory = {.value = fs::absolute(directory).lexically_normal().string()};
  if (url.empty() && directory.empty()) {
    const std::string here = repository_here();
    if (here.empty())
      without_repository(context,
                         "There is no repository here: name an address (--for URL) or a folder (--in DIR).");
    params.directory = {.value = here};
  }
  if (params.directory && !is_utf8(params.directory->value))
    context.misused("The folder's name is not UTF-8 text, so no rule can name it.");
  const auto [json, reply] = context.call<protocol::RuleAdd>(std::move(params));
  if (context.json_output) return print(json);
  print(fmt::format("“{}” is used for {}.\n", clean(reply.rule.name), clean(rule_in_words(reply.rule))));
  if (reply.notice) print(clean(*reply.notice) + "\n");
}

void rules(Context& context, const std::string& name) {
  protocol::RuleList::Params params;
  if (!name.empty()) params.connection = name;
  const auto [json, reply] = context.call<protocol::RuleList>(std::move(params));
  if (context.json_output) return print(json);
  if (reply.rules.empty())
    return print(
        std::string("There is no rule. Create one with: forgelink use NAME --for URL, or --in DIR\n"));
  Table table({"NAME", "FOR", "IN", "RULE"});
  bool idle = false;
  for (const protocol::RuleView& rule : reply.rules) {
    idle = idle || !rule.in_force;
    table.add({rule.name, rule.url.value_or("") + (rule.in_force ? "" : " (not in force)"),
               rule.directory.value_or(""), rule.id});
  }
  print(table.text());
  if (idle) print(std::string("A rule is not in force while its connection does not serve its host.\n"));
}

// A rule by its id, by the beginning of one, or by its address or folder.
std::string rule_named(Context& context, const std::string& typed) {
  std::vector<std::string> found;
  for (const protocol::RuleView& rule : context.call<protocol::RuleList>().reply.rules) {
    if (rule.id == typed) return typed;
    const bool begins = typed.size() >= shortest_id && rule.id.starts_with(typed);
    if (begins || rule.url == typed || rule.directory == typed) found.push_back(rule.id);
  }
  if (found.size() > 1) context.misused("Several rules match; name one by its id: forgelink rules");
  return found.empty() ? typed : found.front();
}

void unuse(Context& context, const std::string& typed) {
  const auto [json, reply] = context.call<protocol::RuleRemove>({.rule = rule_named(context, typed)});
  if (context.json_output) return print(json);
  print(std::string("Removed the rule.\n"));
}

}  // namespace

std::string rule_in_words(const protocol::RuleView& rule) {
  const std::string directory = rule.directory.value_or("");
  if (!rule.url) return "repositories in " + directory;
  return directory.empty() ? *rule.url : *rule.url + " in " + directory;
}

void declare_rules(CLI::App& app, Context& context) {
  static std::string name, url, directory, rule;
  CLI::App* c = command(app, context, "use", "Set for which repositories git uses a connection");
  c->add_option("NAME", name, "Its name or id")->required();
  c->add_option("--for", url, "What lies at or below this address")->type_name("URL");
  c->add_option("--in", directory,
                "Work trees in this folder or below; without --for and --in: the repository here")
      ->type_name("DIR");
  c->callback([&context] { use(context, name, url, directory); });

  c = command(app, context, "rules", "List the rules");
  c->add_option("NAME", name, "Only those of this connection");
  c->callback([&context] { rules(context, name); });

  c = command(app, context, "unuse", "Remove a rule");
  c->add_option("RULE", rule, "Its id or the beginning of it, its address, or its folder")->required();
  c->callback([&context] { unuse(context, rule); });
}

}  // namespace forgelink::cli
