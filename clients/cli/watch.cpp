// SPDX-License-Identifier: MIT
// watch: events as they happen
#include <fmt/format.h>

#include <csignal>

#include "clients/cli/access_words.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

volatile std::sig_atomic_t stopped = 0;

void show_event(Context& context, const json::value& event) {
  if (context.json_output) return print(event);
  if (text(event, "kind") == "token.used") return print(clean(use_in_words(*member(event, "detail"))) + "\n");
  const json::value* connection = member(event, "connection");
  const json::value* detail = member(event, "detail");
  std::string line = fmt::format("{}  {:<22}", text(event, "at"), text(event, "kind"));
  if (connection != nullptr) line += fmt::format("“{}”", text(*connection, "name"));
  if (detail != nullptr) line += (connection != nullptr ? "  " : "") + json::serialize(*detail);
  print(clean(line) + "\n");
}

void watch(Context& context, const std::vector<std::string>& kinds) {
  struct sigaction action {};
  action.sa_handler = [](int) { stopped = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  json::object params;
  if (!kinds.empty()) params["kinds"] = json::value_from(kinds);
  const json::value now = context.call("event.subscribe", std::move(params));
  if (context.json_output) {
    print(now);
  } else {
    print(fmt::format("Connections: {}; waiting for events. Ctrl-C ends it.\n",
                      now.at("connections").as_array().size()));
  }
  while (stopped == 0) {
    auto event = context.client().next_event(std::chrono::milliseconds(500));
    if (const auto* value = std::get_if<json::value>(&event)) show_event(context, *value);
    if (const auto* gone = std::get_if<ipc::Unreached>(&event)) {
      complain(gone->message);
      throw Exit{3};
    }
  }
}

}  // namespace

void declare_watch(CLI::App& app, Context& context) {
  static std::vector<std::string> kinds;
  CLI::App* c = command(app, context, "watch", "Show events as they happen");
  c->add_option("--kind", kinds, "Only these kinds, as token.rejected");
  c->callback([&] { watch(context, kinds); });
}

}  // namespace forgelink::cli
