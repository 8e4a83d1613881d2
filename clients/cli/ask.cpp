// SPDX-License-Identifier: MIT
#include "clients/cli/ask.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

void say_line(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

// Gives up where there is nobody to answer.
std::string prompted(const std::string& question) {
  const auto answer = ask(question);
  if (!answer) throw Exit{1};
  return *answer;
}

const json::value* type_named(const json::array& types, const std::string& id) {
  for (const json::value& type : types) {
    if (text(type, "id") == id) return &type;
  }
  return nullptr;
}

std::string choose_type(const json::array& types) {
  say_line("Which type of connection?");
  for (std::size_t i = 0; i < types.size(); ++i)
    say_line(fmt::format("  {}  {}", i + 1, text(types[i], "label")));
  while (true) {
    const std::string answer = prompted("Number or id: ");
    if (type_named(types, answer) != nullptr) return answer;
    if (answer.size() == 1 && answer[0] >= '1' && answer[0] < static_cast<char>('1' + types.size()))
      return text(types[static_cast<std::size_t>(answer[0] - '1')], "id");
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

std::optional<Secret> ask_for_token(const json::value& type, const Wanted& wanted) {
  const std::string page = filled_in(text(type, "token_page"), wanted);
  say_line(fmt::format("Make a token at\n  {}", clean(page)));
  for (const json::value& scope : type.at("scopes").as_array()) {
    say_line(fmt::format("  scope {}: {}{}", text(scope, "scope"), text(scope, "needed_for"),
                         text(scope, "required") == "true" ? "" : " (optional)"));
  }
  if (has_display() && page.find('{') == std::string::npos && ask_yes_no("Open that page now?", true))
    open_page(page);
  auto token = ask_secretly("Token (it is not shown; empty to add it later): ");
  if (token && token->empty()) token.reset();
  return token;
}

// Is there an app that would sign this person in?
bool has_app(Context& context, const std::string& type, const std::optional<std::string>& server) {
  const json::value reply = context.call("oauth_app.list");
  for (const json::value& app : reply.at("apps").as_array()) {
    const std::string of_type = text(app, "type"), of_server = text(app, "server_url");
    if ((of_type.empty() || of_type == type) && (of_server.empty() || of_server == server)) return true;
  }
  return false;
}

// Over SSH the code is offered beside the address, so only the way is asked.
bool wants_to_sign_in(const json::value& type, Wanted& wanted) {
  const std::string caution = text(type, "sign_in_caution");
  if (!caution.empty()) say_line(clean(caution));
  wanted.sign_in =
      ask_yes_no(fmt::format("{}? (No: a personal access token)", clean(text(type, "sign_in_label"))), true);
  return wanted.sign_in;
}

bool may_sign_in(const json::value& type) {
  for (const json::value& way : type.at("sign_in").as_array()) {
    if (way == "oauth") return true;
  }
  return false;
}

// Where the forge does not tell when a token ends, its maker was told.
void ask_for_end(const json::value& type, std::optional<std::string>& expires_at) {
  for (const json::value& field : type.at("fields").as_array()) {
    if (text(field, "name") != "expires_at" || expires_at) continue;
    say_line(clean(text(field, "help")));
    std::string answer = prompted("Expires, as 2027-02-01 (may be empty): ");
    if (!answer.empty()) expires_at = std::move(answer);
  }
}

}  // namespace

void ask_for_what_is_missing(Context& context, Wanted& wanted) {
  const json::value reply = context.call("type.list");
  const json::array& types = reply.at("types").as_array();
  if (!wanted.type) wanted.type = choose_type(types);
  const json::value* type = type_named(types, *wanted.type);
  if (type == nullptr) return;  // the daemon says what there is
  while (wanted.name.empty()) wanted.name = prompted("Name: ");

  const bool token_coming = wanted.token_stdin || wanted.sign_in;
  for (const json::value& field : type->at("fields").as_array()) {
    std::optional<std::string>* value = slot_of(wanted, text(field, "name"));
    if (value == nullptr || *value) continue;
    const bool required = text(field, "required") == "true";
    // A sign-in tells the user name.
    if (token_coming && (!required || (wanted.sign_in && text(field, "name") == "username"))) continue;
    say_line(clean(text(field, "help")));
    std::string answer =
        prompted(fmt::format("{}{}: ", text(field, "label"), required ? "" : " (may be empty)"));
    while (required && answer.empty()) answer = prompted(text(field, "label") + ": ");
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
  const json::value connection =
      context.call("connection.get", {{"connection", wanted.name}}).at("connection");
  const json::value reply = context.call("type.list");
  const json::value* type = type_named(reply.at("types").as_array(), text(connection, "type"));
  if (type == nullptr) return;
  if (text(connection, "sign_in") == "oauth" && wants_to_sign_in(*type, wanted)) return;
  Wanted known;
  if (const std::string organization = text(connection, "organization"); !organization.empty())
    known.organization = organization;
  if (const std::string server = text(connection, "server_url"); !server.empty()) known.server_url = server;
  wanted.token = ask_for_token(*type, known);
  if (wanted.token) ask_for_end(*type, wanted.expires_at);
}

}  // namespace forgelink::cli
