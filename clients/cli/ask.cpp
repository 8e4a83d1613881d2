// SPDX-License-Identifier: MIT
#include "clients/cli/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.hpp"
#include "clients/cli/terminal.hpp"
#include "clients/cli/types.hpp"
#include "ipc/protocol/connection_add.hpp"
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

// All of a new connection but its token. Each answer is judged by the daemon as soon as it is given, and
// asked for again where it is refused; what else was said stays.
class Form {
 public:
  // All must outlive the form.
  Form(Context& context, Wanted& wanted, const TypeView& type)
      : context_(context), wanted_(wanted), type_(type) {}

  void fill() {
    ask_for_name();
    const bool token_coming = wanted_.token_stdin || wanted_.sign_in;
    for (const FieldView& field : type_.fields_) {
      const std::optional<std::string>* value = slot_of(wanted_, field.name);
      if (value == nullptr || *value) continue;
      // A sign-in tells the user name.
      if (token_coming && (!field.required || (wanted_.sign_in && field.name == "username"))) continue;
      ask_for(field);
    }
    // What was said as an option, and what only all of them together show.
    while (const auto refused = refusal()) ask_again(*refused);
  }

 private:
  using FieldView = protocol::TypeList::FieldView;

  // Why the daemon would not add what is known so far. Asked to add a connection with the end of a token but
  // no token, it looks at everything else first and then refuses that.
  std::optional<Refusal> refusal() {
    protocol::ConnectionAdd::Params params{.name = wanted_.name,
                                           .type = type_.id,
                                           .username = wanted_.username,
                                           .email = wanted_.email,
                                           .server_url = wanted_.server_url,
                                           .organization = wanted_.organization,
                                           .expires_at = SystemClock().now() + std::chrono::hours(24),
                                           .allow_http = wanted_.allow_http};
    if (wanted_.sign_in) params.sign_in = "oauth";
    auto answer = context_.try_call<protocol::ConnectionAdd>(std::move(params), std::chrono::seconds(10));
    auto* refused = std::get_if<Refusal>(&answer);
    if (refused == nullptr || refused->error.data.field == "expires_at") return std::nullopt;
    return std::move(*refused);
  }

  // A name is judged alone: whether it is free is looked at last, when other answers are still missing.
  bool name_is_refused() {
    const auto found =
        context_.try_call<protocol::ConnectionGet>({.connection = wanted_.name}, std::chrono::seconds(10));
    if (const auto* taken = std::get_if<Answer<protocol::ConnectionGet>>(&found)) {
      const protocol::ConnectionView& other = taken->reply.connection;
      if (other.id != wanted_.name) complain(fmt::format("There is already a connection “{}”.", other.name));
      return other.id != wanted_.name;
    }
    const auto refused = refusal();
    if (!refused || refused->error.data.field != "name") return false;
    context_.tell(*refused);
    return true;
  }

  void ask_for_name() {
    while (wanted_.name.empty() || name_is_refused()) wanted_.name = prompted("Name: ");
  }

  void ask_for(const FieldView& field) {
    std::optional<std::string>& value = *slot_of(wanted_, field.name);
    say_line(clean(field.help));
    while (true) {
      value.reset();
      std::string answer =
          prompted(fmt::format("{}{}: ", field.label, field.required ? "" : " (may be empty)"));
      if (field.required && answer.empty()) continue;
      if (!answer.empty()) value = std::move(answer);
      const auto refused = refusal();
      if (!value || !refused || refused->error.data.field != field.name) return;
      context_.tell(*refused);
    }
  }

  // Ends the run where nothing that is asked for here is at fault.
  void ask_again(const Refusal& refused) {
    const std::string name = refused.error.data.field.value_or("");
    const auto field = std::find_if(type_.fields_.begin(), type_.fields_.end(),
                                    [&](const FieldView& one) { return one.name == name; });
    const bool is_ours =
        field != type_.fields_.end() && (name == "name" || slot_of(wanted_, name) != nullptr);
    if (!is_ours) context_.refuse(refused);
    context_.tell(refused);
    if (name != "name") return ask_for(*field);
    wanted_.name.clear();
    ask_for_name();
  }

  Context& context_;
  Wanted& wanted_;
  const TypeView& type_;
};

}  // namespace

void ask_for_what_is_missing(Context& context, Wanted& wanted) {
  const std::vector<TypeView> types = all_types(context);
  if (!wanted.type) wanted.type = choose_type(types);
  const TypeView* type = type_named(types, *wanted.type);
  if (type == nullptr) return;  // the daemon refuses it and names the types
  Form(context, wanted, *type).fill();
  if (wanted.token_stdin || wanted.sign_in) return;
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
