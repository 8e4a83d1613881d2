// SPDX-License-Identifier: MIT
#include "clients/cli/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "clients/cli/terminal.hpp"
#include "clients/cli/types.hpp"
#include "ipc/protocol/connection_get.hpp"
#include "ipc/protocol/oauth_app_list.hpp"

namespace forgelink::cli {
namespace {

void say_line(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

// Gives up where there is nobody to answer.
std::string prompted(const std::string& question) {
  const auto answer = ask(question);
  if (!answer) throw Exit{1};
  return *answer;
}

std::string choose_type(const std::vector<TypeView>& types) {
  say_line("Which type of connection?");
  for (std::size_t i = 0; i < types.size(); ++i) say_line(fmt::format("  {}  {}", i + 1, types[i].label));
  while (true) {
    const std::string answer = prompted("Number or id: ");
    if (type_named(types, answer) != nullptr) return answer;
    if (answer.size() == 1 && answer[0] >= '1' && answer[0] < static_cast<char>('1' + types.size()))
      return types[static_cast<std::size_t>(answer[0] - '1')].id;
    say_line("There is no such type.");
  }
}

std::optional<std::string>* slot_of(Wanted& wanted, const std::string& field) {
  if (field == "username") return &wanted.username;
  if (field == "email") return &wanted.email;
  if (field == "server_url") return &wanted.server_url;
  if (field == "organization") return &wanted.organization;
  return nullptr;
}

std::string filled_in(std::string page, const Wanted& wanted) {
  for (const auto& [mark, value] :
       {std::pair<std::string, std::optional<std::string>>("{organization}", wanted.organization),
        {"{server_url}", wanted.server_url}}) {
    if (const auto at = page.find(mark); at != std::string::npos && value)
      page.replace(at, mark.size(), *value);
  }
  return page;
}

std::optional<Secret> ask_for_token(const TypeView& type, const Wanted& wanted) {
  const std::string page = filled_in(type.token_page, wanted);
  say_line(fmt::format("Create a token at\n  {}", clean(page)));
  for (const auto& scope : type.scopes) {
    say_line(
        fmt::format("  scope {}: {}{}", scope.scope, scope.needed_for, scope.required ? "" : " (optional)"));
  }
  if (has_display() && page.find('{') == std::string::npos && ask_yes_no("Open that page now?", true))
    open_page(page);
  auto token = ask_secretly("Token (it is not shown; empty to add it later): ");
  if (token && token->empty()) token.reset();
  return token;
}

// Is there an app that would sign this person in?
bool has_app(Context& context, const std::string& type, const std::optional<std::string>& server) {
  const auto apps = context.call<protocol::OAuthAppList>().reply.apps;
  return std::any_of(apps.begin(), apps.end(), [&](const auto& app) {
    return app.type.value_or(type) == type && (!app.server_url || app.server_url == server);
  });
}

// Over SSH the code is offered beside the address, so only the way is asked.
bool wants_to_sign_in(const TypeView& type, Wanted& wanted) {
  if (type.sign_in_caution) say_line(clean(*type.sign_in_caution));
  wanted.sign_in = ask_yes_no(
      fmt::format("{}? (No: a personal access token)", clean(type.sign_in_label.value_or(""))), true);
  return wanted.sign_in;
}

bool may_sign_in(const TypeView& type) {
  return std::find(type.sign_in.begin(), type.sign_in.end(), "oauth") != type.sign_in.end();
}

// Where the forge does not tell when a token ends, its maker was told.
void ask_for_end(const TypeView& type, std::optional<std::string>& expires_at) {
  for (const auto& field : type.fields_) {
    if (field.name != "expires_at" || expires_at) continue;
    say_line(clean(field.help));
    std::string answer = prompted("Expires, as 2027-02-01 (may be empty): ");
    if (!answer.empty()) expires_at = std::move(answer);
  }
}

}  // namespace

void ask_for_what_is_missing(Context& context, Wanted& wanted) {
  const std::vector<TypeView> types = all_types(context);
  if (!wanted.type) wanted.type = choose_type(types);
  const TypeView* type = type_named(types, *wanted.type);
  if (type == nullptr) return;  // the daemon refuses it and names the types
  while (wanted.name.empty()) wanted.name = prompted("Name: ");

  const bool token_coming = wanted.token_stdin || wanted.sign_in;
  for (const auto& field : type->fields_) {
    std::optional<std::string>* value = slot_of(wanted, field.name);
    if (value == nullptr || *value) continue;
    // A sign-in tells the user name.
    if (token_coming && (!field.required || (wanted.sign_in && field.name == "username"))) continue;
    say_line(clean(field.help));
    std::string answer =
        prompted(fmt::format("{}{}: ", field.label, field.required ? "" : " (may be empty)"));
    while (field.required && answer.empty()) answer = prompted(field.label + ": ");
    if (!answer.empty()) *value = std::move(answer);
  }
  if (token_coming) return;
  if (may_sign_in(*type) && has_app(context, *wanted.type, wanted.server_url) &&
      wants_to_sign_in(*type, wanted))
    return;
  wanted.token = ask_for_token(*type, wanted);
  if (wanted.token) ask_for_end(*type, wanted.expires_at);
}

void ask_how_to_configure_again(Context& context, Wanted& wanted) {
  const auto connection = context.call<protocol::ConnectionGet>({.connection = wanted.name}).reply.connection;
  const std::vector<TypeView> types = all_types(context);
  const TypeView* type = type_named(types, connection.type);
  if (type == nullptr) return;
  if (connection.sign_in == "oauth" && wants_to_sign_in(*type, wanted)) return;
  Wanted known;
  known.organization = connection.organization;
  known.server_url = connection.server_url;
  wanted.token = ask_for_token(*type, known);
  if (wanted.token) ask_for_end(*type, wanted.expires_at);
}

}  // namespace forgelink::cli
