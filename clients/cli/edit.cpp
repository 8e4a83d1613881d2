// SPDX-License-Identifier: MIT
// add, edit
#include <fmt/format.h>

#include "clients/cli/arguments.hpp"
#include "clients/cli/ask.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/git_setup.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/sign_in.hpp"
#include "clients/cli/terminal.hpp"
#include "clients/cli/types.hpp"
#include "ipc/protocol/connection_add.hpp"
#include "ipc/protocol/connection_get.hpp"
#include "ipc/protocol/connection_update.hpp"

namespace forgelink::cli {
namespace {

// The fields of a connection, for those of which an empty text takes the value away on an edit.
std::vector<CLI::Option*> declare_fields(CLI::App& c, Wanted& w) {
  return {
      c.add_option("--username", w.username, "The user name on the forge"),
      c.add_option("--email", w.email, "Bitbucket: the Atlassian account's address"),
      c.add_option("--server", w.server_url, "The server of a self-hosted type")->type_name("URL"),
      c.add_option("--organization", w.organization, "Azure DevOps: the organization")->type_name("ORG"),
      c.add_option("--expires", w.expires_at, "When the token ends, where the forge does not tell")
          ->type_name("DATE"),
  };
}

void declare_options(CLI::App& c, Wanted& w) {
  auto* by_stdin = c.add_flag("--token-stdin", w.token_stdin, "Read the token from standard input");
  auto* sign_in = c.add_flag("--sign-in", w.sign_in, "Sign in with the forge, by a browser");
  auto* github =
      c.add_flag("--github", w.github, "The same as --sign-in; the type is github if none is named");
  by_stdin->excludes(sign_in)->excludes(github);
  c.add_flag("--device", w.device, "With --sign-in: by a code to enter on another device");
  auto* keep = c.add_flag("--keep", w.keep, "Keep the token until it is removed");
  c.add_flag("--session", w.session, "The token ends with the login session")->excludes(keep);
  c.add_option("--access", w.access, "ask: a person is asked before its token is used; allow: not")
      ->check(CLI::IsMember({"allow", "ask"}));
  c.add_flag("--no-verify", w.no_verify, "Do not ask the forge first");
  c.add_flag("--allow-http", w.allow_http, "Accept a server by http://");
  c.add_flag("--accept-account-change", w.accept_account_change, "Yes to a token of another account");
}

// On an edit an empty text takes the value away.
ipc::Change<std::string> change(const std::optional<std::string>& value) {
  if (!value) return {};
  return {.given = true, .value = value->empty() ? std::nullopt : value};
}

std::optional<std::string> retention_of(const Wanted& w) {
  if (!w.keep && !w.session) return std::nullopt;
  return w.keep ? "keep" : "session";
}

std::string account_of(const protocol::ConnectionView& connection) {
  if (!connection.account) return "";
  const std::string login = connection.account->login.value_or("");
  return clean(login.empty() ? connection.account->display_name.value_or("") : login);
}

// `what`: "Created connection". A sign-in says whose account it became.
void tell(Context& context, const json::value& json, const protocol::ConnectionView& connection,
          const char* what, bool signed_in = false) {
  if (context.json_output) return print(json);
  const std::string account = signed_in ? account_of(connection) : "";
  print(fmt::format("{} “{}”{}.\n\n{}", what, clean(connection.name),
                    account.empty() ? "" : fmt::format("; signed in as {}", account),
                    connection_in_words(connection, all_types(context))));
}

void check_sign_in(const Context& context, Wanted& w) {
  w.sign_in = w.sign_in || w.github;
  if (w.device && !w.sign_in) context.misused("--device goes with --sign-in.");
}

// The type that --github and a sign-in without a type mean.
std::optional<std::string> type_of_plain_sign_in(Context& context) {
  for (const TypeView& type : all_types(context)) {
    if (type.default_sign_in) return type.id;
  }
  return std::nullopt;
}

void add_by_sign_in(Context& context, const Wanted& w) {
  protocol::SignInStart::Add fresh{.name = w.name,
                                   .type = w.type,
                                   .username = w.username,
                                   .email = w.email,
                                   .server_url = w.server_url,
                                   .organization = w.organization,
                                   .retention = retention_of(w),
                                   .access = w.access};
  if (w.allow_http) fresh.allow_http = true;
  protocol::SignInStart::Params params{.add = std::move(fresh),
                                       .accept_account_change = w.accept_account_change};
  const auto [json, done] = sign_in(context, std::move(params), *w.type, w.device);
  tell(context, json, done.connection.value_or(protocol::ConnectionView{}), "Created connection", true);
  extend_git_setup(context);
}

void add(Context& context, Wanted w) {
  check_sign_in(context, w);
  if (!w.type && w.github) w.type = type_of_plain_sign_in(context);
  if (!context.json_output && stdin_is_terminal()) ask_for_what_is_missing(context, w);
  if (!w.type) context.misused("--type is missing; see: forgelink types");
  if (w.sign_in) return add_by_sign_in(context, w);
  protocol::ConnectionAdd::Params params{.name = w.name,
                                         .type = *w.type,
                                         .username = w.username,
                                         .email = w.email,
                                         .server_url = w.server_url,
                                         .organization = w.organization,
                                         .retention = retention_of(w),
                                         .access = w.access,
                                         .verify = !w.no_verify,
                                         .allow_http = w.allow_http};
  if (w.expires_at) params.expires_at = context.time_typed("expires_at", *w.expires_at);
  if (w.token_stdin) w.token = read_secret_from_stdin("Token");
  params.token = std::move(w.token);
  const auto [json, reply] = context.call<protocol::ConnectionAdd>(std::move(params));
  tell(context, json, reply.connection, "Created connection");
  extend_git_setup(context);
}

// What `edit` and a sign-in with it change alike.
protocol::ConnectionUpdate::Params changes_of(const Wanted& w, const std::optional<std::string>& new_name) {
  protocol::ConnectionUpdate::Params params{.connection = w.name,
                                            .name = new_name,
                                            .retention = retention_of(w),
                                            .access = w.access,
                                            .username = change(w.username),
                                            .email = change(w.email),
                                            .server_url = change(w.server_url),
                                            .organization = change(w.organization),
                                            .commit_name = change(w.commit_name),
                                            .commit_email = change(w.commit_email)};
  if (w.allow_http) params.allow_http = true;
  return params;
}

bool is_empty(const protocol::ConnectionUpdate::Params& params) {
  const bool changed = params.username.given || params.email.given || params.server_url.given ||
                       params.organization.given || params.commit_name.given || params.commit_email.given ||
                       params.expires_at.given;
  return !changed && !params.name && !params.retention && !params.access && !params.token && !params.verify &&
         !params.allow_http && !params.accept_account_change;
}

void edit_by_sign_in(Context& context, const Wanted& w, const std::optional<std::string>& new_name) {
  // By its id from here on: the name may change with what follows.
  const auto before = context.call<protocol::ConnectionGet>({.connection = w.name}).reply.connection;
  if (auto plain = changes_of(w, new_name); !is_empty(plain)) {
    // The old token, which may have expired, is about to be replaced: the sign-in verifies the new one.
    plain.verify = false;
    context.call<protocol::ConnectionUpdate>(std::move(plain));
  }
  protocol::SignInStart::Params params{.connection = before.id,
                                       .accept_account_change = w.accept_account_change};
  const auto [json, done] = sign_in(context, std::move(params), before.type, w.device);
  tell(context, json, done.connection.value_or(protocol::ConnectionView{}), "Updated connection", true);
}

// An empty text takes the time away.
ipc::Change<Time> change_of_expiry(const Context& context, const std::optional<std::string>& typed) {
  if (!typed) return {};
  if (typed->empty()) return {.given = true, .value = std::nullopt};
  return {.given = true, .value = context.time_typed("expires_at", *typed)};
}

void edit(Context& context, Wanted w, const std::optional<std::string>& new_name) {
  check_sign_in(context, w);
  if (w.sign_in) return edit_by_sign_in(context, w, new_name);
  protocol::ConnectionUpdate::Params params = changes_of(w, new_name);
  params.expires_at = change_of_expiry(context, w.expires_at);
  if (w.no_verify) params.verify = false;
  params.accept_account_change = w.accept_account_change;
  if (w.token_stdin) w.token = read_secret_from_stdin("Token");
  if (is_empty(params) && !w.token && !context.json_output && stdin_is_terminal()) {
    ask_how_to_configure_again(context, w);
    if (w.sign_in) return edit_by_sign_in(context, w, new_name);
    params.expires_at = change_of_expiry(context, w.expires_at);
  }
  params.token = std::move(w.token);
  if (is_empty(params))
    context.misused(
        "There is nothing to change: name an option, as --username or --token-stdin; see forgelink edit "
        "--help");
  const auto [json, reply] = context.call<protocol::ConnectionUpdate>(std::move(params));
  tell(context, json, reply.connection, "Updated connection");
  extend_git_setup(context);
}

}  // namespace

void declare_edit(CLI::App& app, Context& context) {
  static Wanted added, edited;
  static std::optional<std::string> new_name;
  CLI::App* c = command(app, context, "add", "Create a connection");
  c->add_option("NAME", added.name, "What you call it")->required(false);
  c->add_option("--type", added.type, "Its type; forgelink types lists them");
  declare_fields(*c, added);
  declare_options(*c, added);
  c->callback([&context] {
    if (added.name.empty() && (context.json_output || !stdin_is_terminal()))
      context.misused("NAME is missing.");
    add(context, std::move(added));
  });

  c = command(app, context, "edit", "Change a connection, or configure it again");
  c->add_option("NAME", edited.name, "Its name or id")->required();
  c->add_option("--rename", new_name, "A new name")->type_name("NEW");
  for (CLI::Option* field : declare_fields(*c, edited)) may_be_empty(field);
  declare_options(*c, edited);
  may_be_empty(c->add_option("--commit-name", edited.commit_name,
                             "The name that commits made with it shall have; '' for none"))
      ->type_name("NAME");
  may_be_empty(c->add_option("--commit-email", edited.commit_email, "Their address; '' for none"))
      ->type_name("ADDRESS");
  c->callback([&context] { edit(context, std::move(edited), new_name); });
}

}  // namespace forgelink::cli
