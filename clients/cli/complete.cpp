// SPDX-License-Identifier: MIT
#include "clients/cli/complete.hpp"

#include "clients/cli/context.hpp"
#include "clients/cli/import/sources.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/client.hpp"
#include "ipc/protocol/access_grants.hpp"
#include "ipc/protocol/access_questions.hpp"
#include "ipc/protocol/connection_list.hpp"
#include "ipc/protocol/lend_list.hpp"
#include "ipc/protocol/rule_list.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::cli {
namespace {

constexpr std::chrono::milliseconds completion_patience{500};

// The reply of a method; nothing where there is no daemon.
template <class Method>
std::optional<typename Method::Reply> reply_soon(typename Method::Params params = {}) {
  // Not connect_or_start(): a Tab starts no daemon.
  std::optional<ipc::Client> client = ipc::Client::connect(ipc::socket_path(), completion_patience);
  if (!client) return std::nullopt;
  const ipc::Response response =
      client->call(Method::name, ipc::params_object(std::move(params)), completion_patience);
  const auto* result = std::get_if<json::value>(&response);
  if (result == nullptr) return std::nullopt;
  auto reply = ipc::reply_of<typename Method::Reply>(*result);
  return reply ? std::optional(std::move(*reply)) : std::nullopt;
}

// One candidate of each entry of a list in a method's reply.
template <class Method, class Entry>
std::vector<Candidate> listed(std::vector<Entry> Method::Reply::*list, std::string Entry::*value,
                              std::string Entry::*help, typename Method::Params params = {}) {
  std::vector<Candidate> found;
  const auto reply = reply_soon<Method>(std::move(params));
  if (!reply) return found;
  for (const Entry& entry : (*reply).*list)
    found.push_back({.value = clean(entry.*value), .help = clean(entry.*help)});
  return found;
}

std::vector<Candidate> open_questions() {
  std::vector<Candidate> found;
  const auto reply = reply_soon<protocol::AccessQuestions>();
  if (!reply) return found;
  for (const json::object& one : reply->questions) {
    protocol::AccessQuestions::QuestionView question;
    if (ipc::from_json(json::value(one), question))
      found.push_back({.value = clean(question.request), .help = clean(question.message)});
  }
  return found;
}

// The methods as rpc.discover describes them, in the words of OpenRPC.
struct Discover {
  static constexpr std::string_view name = "rpc.discover";
  struct Params {
    void fields(auto&) {}
  };
  struct MethodView {
    std::string name, summary;
    void fields(auto& f) {
      f.required("name", name, "");
      f.required("summary", summary, "");
    }
  };
  struct Reply {
    std::vector<MethodView> methods;
    void fields(auto& f) { f.required("methods", methods, ""); }
  };
};

std::vector<Candidate> connection_names() {
  using protocol::ConnectionList, protocol::ConnectionView;
  return listed<ConnectionList>(&ConnectionList::Reply::connections, &ConnectionView::name,
                                &ConnectionView::type, {.limit = {.value = ipc::Limit::most}});
}

std::vector<Candidate> type_ids() {
  using protocol::TypeList;
  return listed<TypeList>(&TypeList::Reply::types, &TypeList::TypeView::id, &TypeList::TypeView::label);
}

// What may stand where a value of that name is wanted: "NAME", "--type".
std::vector<Candidate> candidates_for(const CLI::App& command, const CLI::Option& option) {
  using protocol::RuleList, protocol::RuleView, protocol::AccessGrants, protocol::LendList;
  const std::string name = option.get_positional() ? option.get_name(true) : option.get_name();
  // `add` makes a new one.
  if (name == "NAME" && command.get_name() != "add") return connection_names();
  if (name == "--type" || name == "TYPE") return type_ids();
  if (name == "RULE") return listed<RuleList>(&RuleList::Reply::rules, &RuleView::id, &RuleView::name);
  if (name == "METHOD")
    return listed<Discover>(&Discover::Reply::methods, &Discover::MethodView::name,
                            &Discover::MethodView::summary);
  if (name == "REQUEST") return open_questions();
  if (name == "--revoke")
    return listed<AccessGrants>(&AccessGrants::Reply::grants, &AccessGrants::GrantView::grant,
                                &AccessGrants::GrantView::program);
  if (name == "ID")
    return listed<LendList>(&LendList::Reply::lends, &protocol::LendView::id, &protocol::LendView::socket);
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
    print(candidate.value + "\t" + candidate.help + "\n");
}

}  // namespace forgelink::cli
