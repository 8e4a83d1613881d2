// SPDX-License-Identifier: MIT
// status, types
#include <fmt/format.h>

#include <algorithm>

#include "clients/cli/access_words.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "clients/cli/types.hpp"
#include "ipc/protocol/daemon_status.hpp"

namespace forgelink::cli {
namespace {

void status(Context& context) {
  const auto [json, s] = context.call<protocol::DaemonStatus>();
  if (context.json_output) return print(json);
  std::string lines;
  const auto line = [&](const char* label, const std::string& value) {
    lines += fmt::format("{:<15}{}\n", label, wrapped(clean(value), 15));
  };
  line("Daemon", fmt::format("forgelinkd {}, process {}, since {}{}", s.version, s.pid, rfc3339(s.started_at),
                             s.socket_activated ? ", started by systemd's socket" : ""));
  if (s.registry.empty()) line("Socket", std::string(lent_socket_serves));
  if (s.locked) line("Lock", locked_in_words);
  line("Connections", std::to_string(s.connections));
  line("Clients", std::to_string(s.clients));
  const bool in_memory = s.secret_store.backend == "memory";
  line("Tokens",
       fmt::format("{}, {}", in_memory ? "in locked memory" : "in the Secret Service", s.secret_store.state));
  if (s.secret_store.trouble) line("", *s.secret_store.trouble);
  if (!s.secret_store.memory_locked)
    line("", "The system does not lock memory (ulimit -l): tokens may be swapped out.");
  if (s.secret_store.still_to_erase > 0)
    line("", fmt::format("Removed tokens that the keyring has not deleted yet: {}. This is retried.",
                         s.secret_store.still_to_erase));
  line("New tokens", s.retention == "session" ? "end with the session" : "are kept");
  if (s.policy) {
    line("Policy", s.policy->file);
    if (s.policy->contact) line("", *s.policy->contact);
  }
  print(lines);
}

// The labels of what must be filled in beside the name and the token.
std::string needs_of(const TypeView& type) {
  std::string needs;
  for (const auto& field : type.fields_) {
    if (!field.required || field.name == "name" || field.secret) continue;
    needs += (needs.empty() ? "" : ", ") + field.label;
  }
  return needs;
}

void print_type(const TypeView& type) {
  std::string lines = fmt::format("{} ({})\n", type.label, type.id);
  if (type.policy_forbids) lines += fmt::format("  {}\n", wrapped(*type.policy_forbids, 2));
  for (const auto& field : type.fields_) {
    const std::string help = (field.required ? "required. " : "") + field.help;
    lines += fmt::format("  {:<22}{}\n", field.label, wrapped(help, 24));
  }
  for (const auto& scope : type.scopes) {
    const std::string use = scope.needed_for + (scope.required ? "" : " (optional)");
    lines += fmt::format("  scope {:<28}{}\n", scope.scope, wrapped(use, 36));
  }
  lines += fmt::format("  Create a token at {}\n", type.token_page);
  for (const auto& notice : type.notices)
    lines += fmt::format("  {}: {}\n", notice.date, wrapped(notice.text, 14));
  print(lines);
}

void types(Context& context, const std::string& id) {
  const auto [json, reply] = context.call<protocol::TypeList>();
  if (!id.empty()) {
    const TypeView* type = type_named(reply.types, id);
    if (type == nullptr) context.misused(fmt::format("There is no type “{}”; see: forgelink types", id));
    if (!context.json_output) return print_type(*type);
    const auto at = static_cast<std::size_t>(type - reply.types.data());
    return print(json::object{{"types", json::array{json.at("types").at(at)}}});
  }
  if (context.json_output) return print(json);
  Table table({"TYPE", "NAME", "SIGNS IN BY", "NEEDS"});
  for (const TypeView& type : reply.types) {
    const bool oauth = std::find(type.sign_in.begin(), type.sign_in.end(), "oauth") != type.sign_in.end();
    table.add({type.id, type.label, oauth ? "token or sign-in" : "token", needs_of(type)});
  }
  print(table.text());
}

}  // namespace

void declare_status(CLI::App& app, Context& context) {
  command(app, context, "status", "Show the state of the daemon and of its secret store")->callback([&] {
    status(context);
  });
  static std::string type;
  CLI::App* c =
      command(app, context, "types", "List the types of connection, or show one: its fields and scopes");
  c->add_option("TYPE", type, "Show its fields, scopes and the page that makes its token");
  c->callback([&] { types(context, type); });
}

}  // namespace forgelink::cli
