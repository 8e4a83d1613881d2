// SPDX-License-Identifier: MIT
#include "clients/cli/complete.hpp"

#include <boost/json.hpp>
#include <cstdio>

#include "clients/cli/context.hpp"
#include "clients/cli/import/sources.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/client.hpp"

namespace forgelink::cli {
namespace {

constexpr std::chrono::milliseconds completion_patience{500};

// A member of each entry of a list that the daemon gives; none where there is no daemon.
std::vector<Candidate> listed(const char* method, json::object params, const char* list, const char* value,
                              const char* help) {
  std::optional<ipc::Client> client = ipc::Client::connect(ipc::socket_path(), completion_patience);
  if (!client) return {};
  const ipc::Response response = client->call(method, params, completion_patience);
  const auto* reply = std::get_if<json::value>(&response);
  const json::value* entries = reply != nullptr ? member(*reply, list) : nullptr;
  std::vector<Candidate> found;
  if (entries == nullptr || !entries->is_array()) return found;
  for (const json::value& entry : entries->get_array())
    found.push_back({.value = clean(text(entry, value)), .help = clean(text(entry, help))});
  return found;
}

// What may stand where a value of that name is wanted: "NAME", "--type".
std::vector<Candidate> candidates_for(const CLI::App& command, const CLI::Option& option) {
  const std::string name = option.get_positional() ? option.get_name(true) : option.get_name();
  // `add` makes a new one.
  if (name == "NAME" && command.get_name() != "add")
    return listed("connection.list", {{"limit", 1000}}, "connections", "name", "type");
  if (name == "--type" || name == "TYPE") return listed("type.list", {}, "types", "id", "label");
  if (name == "RULE") return listed("rule.list", {}, "rules", "id", "name");
  if (name == "METHOD") return listed("rpc.discover", {}, "methods", "name", "summary");
  if (name == "REQUEST") return listed("access.questions", {}, "questions", "request", "message");
  if (name == "--revoke") return listed("access.grants", {}, "grants", "grant", "program");
  if (name == "ID") return listed("lend.list", {}, "lends", "id", "socket");
  if (name == "--access") return {{.value = "allow", .help = ""}, {.value = "ask", .help = ""}};
  if (name == "--from") {
    std::vector<Candidate> sources;
    for (const char* source : import_sources) sources.push_back({.value = source, .help = ""});
    return sources;
  }
  return {};
}

bool takes_value(const CLI::Option& option) { return option.get_expected_max() > 0; }

// The option that a word names; null if it names none.
const CLI::Option* option_of(const CLI::App& command, const std::string& word) {
  if (!word.starts_with("-")) return nullptr;
  return command.get_option_no_throw(word.substr(0, word.find('=')));
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// The command that a word names; null if it names none.
const CLI::App* command_of(const CLI::App& app, const std::string& word) {
  for (const CLI::App* command : commands_of(app)) {
    if (command->get_name() == word) return command;
  }
  return nullptr;
}

void add_options(const CLI::App& command, std::vector<Candidate>& all) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->get_lnames().empty()) continue;
    all.push_back({.value = "--" + option->get_lnames().front(), .help = option->get_description()});
  }
}

}  // namespace

std::vector<Candidate> complete(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  const CLI::Option* wants = nullptr;  // the option whose value comes next
  std::size_t given = 0;               // positional values
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (wants != nullptr) {
      wants = nullptr;
    } else if (const CLI::Option* option = option_of(*command, words[i])) {
      if (takes_value(*option) && words[i].find('=') == std::string::npos) wants = option;
    } else if (const CLI::App* below = command_of(*command, words[i])) {
      command = below;
    } else if (!words[i].starts_with("-")) {
      ++given;
    }
  }
  const std::string prefix = words.empty() ? "" : words.back();

  std::vector<Candidate> all;
  if (wants != nullptr) {
    all = candidates_for(*command, *wants);
  } else if (prefix.starts_with("-")) {
    add_options(*command, all);
  } else {
    for (const CLI::App* below : commands_of(*command))
      all.push_back({.value = below->get_name(), .help = below->get_description()});
    std::size_t at = 0;
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_positional() && at++ == given) all = candidates_for(*command, *option);
    }
  }
  std::erase_if(all, [&](const Candidate& candidate) { return !candidate.value.starts_with(prefix); });
  return all;
}

void print_completions(const CLI::App& app, const std::vector<std::string>& words) {
  for (const Candidate& candidate : complete(app, words))
    std::printf("%s\t%s\n", candidate.value.c_str(), candidate.help.c_str());
}

}  // namespace forgelink::cli
