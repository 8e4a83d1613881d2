// SPDX-License-Identifier: MIT
// add, edit
#include <fmt/format.h>

#include "clients/cli/ask.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/git_setup.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/sign_in.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/connection_reply.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::cli {
namespace {

void declare_options(CLI::App& c, Wanted& w) {
  c.add_option("--username", w.username, "The user name on the forge");
  c.add_option("--email", w.email, "Bitbucket: the Atlassian account's address");
  c.add_option("--server", w.server_url, "The server of a self-hosted type")->type_name("URL");
  c.add_option("--organization", w.organization, "Azure DevOps: the organization")->type_name("ORG");
  c.add_option("--expires", w.expires_at, "When the token ends, where the forge does not tell")
      ->type_name("DATE");
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
  c.add_flag("--allow-http", w.allow_http, "Yes to a server by http://");
  c.add_flag("--accept-account-change", w.accept_account_change, "Yes to a token of another account");
}

void set(json::object& params, const char* name, const std::optional<std::string>& value) {
  if (value) params[name] = *value;
}

// On an edit an empty text takes the value away.
void change(json::object& params, const char* name, const std::optional<std::string>& value) {
  if (!value) return;
  if (value->empty()) {
    params[name] = nullptr;
  } else {
    params[name] = *value;
  }
}

std::string account_of(const protocol::ConnectionView& connection) {
  if (!connection.account) return "";
  const std::string login = connection.account->login.value_or("");
  return clean(login.empty() ? connection.account->display_name.value_or("") : login);
}

// `what`: "Created connection". A sign-in says whose account it became.
void tell(Context& context, const json::value& reply, const char* what, bool signed_in = false) {
  if (context.json_output) return print(reply);
  const auto typed = ipc::reply_of<protocol::ConnectionReply>(reply);
  if (!typed) context.refuse(typed.error());
  const protocol::ConnectionView& connection = typed->connection;
  const std::string account = signed_in ? account_of(connection) : "";
  print(fmt::format("{} “{}”{}.\n\n{}", what, clean(connection.name),
                    account.empty() ? "" : fmt::format("; signed in as {}", account),
                    connection_in_words(connection, context.call<protocol::TypeList>().reply.types)));
}

void check_sign_in(const Context& context, Wanted& w) {
  w.sign_in = w.sign_in || w.github;
  if (w.device && !w.sign_in) context.misused("--device goes with --sign-in.");
}

// The type that --github and a sign-in without a type mean.
std::optional<std::string> type_of_plain_sign_in(Context& context) {
  const json::value reply = context.call("type.list");
  for (const json::value& type : reply.at("types").as_array()) {
    if (text(type, "default_sign_in") == "true") return text(type, "id");
  }
  return std::nullopt;
}

void add_by_sign_in(Context& context, const Wanted& w, const char* retention) {
  json::object fresh{{"name", w.name}, {"type", *w.type}};
  set(fresh, "username", w.username);
  set(fresh, "email", w.email);
  set(fresh, "server_url", w.server_url);
  set(fresh, "organization", w.organization);
  if (w.allow_http) fresh["allow_http"] = true;
  if (retention != nullptr) fresh["retention"] = retention;
  const json::value done =
      sign_in(context, {{"add", std::move(fresh)}, {"accept_account_change", w.accept_account_change}},
              *w.type, w.device);
  tell(context, done, "Created connection", true);
  extend_git_setup(context);
}

void add(Context& context, Wanted w) {
  check_sign_in(context, w);
  if (!w.type && w.github) w.type = type_of_plain_sign_in(context);
  if (!context.json_output && stdin_is_terminal()) ask_for_what_is_missing(context, w);
  if (!w.type) context.misused("--type is missing; see: forgelink types");
  const char* retention = w.keep ? "keep" : w.session ? "session" : nullptr;
  if (w.sign_in) return add_by_sign_in(context, w, retention);
  json::object params{
      {"name", w.name}, {"type", *w.type}, {"verify", !w.no_verify}, {"allow_http", w.allow_http}};
  set(params, "username", w.username);
  set(params, "email", w.email);
  set(params, "server_url", w.server_url);
  set(params, "organization", w.organization);
  set(params, "expires_at", w.expires_at);
  if (retention != nullptr) params["retention"] = retention;
  set(params, "access", w.access);
  if (w.token_stdin) w.token = read_secret_from_stdin();
  if (w.token) params["token"] = w.token->reveal();
  const json::value reply = context.call("connection.add", std::move(params));
  tell(context, reply, "Created connection");
  extend_git_setup(context);
}

void edit_by_sign_in(Context& context, const Wanted& w, const std::optional<std::string>& new_name) {
  json::object plain{{"connection", w.name}};
  set(plain, "name", new_name);
  change(plain, "username", w.username);
  change(plain, "email", w.email);
  change(plain, "organization", w.organization);
  if (w.keep || w.session) plain["retention"] = w.keep ? "keep" : "session";
  set(plain, "access", w.access);
  const json::value before = context.call("connection.get", {{"connection", w.name}}).at("connection");
  const std::string id = text(before, "id"), type = text(before, "type");
  if (plain.size() > 1) context.call("connection.update", std::move(plain));
  const json::value done = sign_in(
      context, {{"connection", id}, {"accept_account_change", w.accept_account_change}}, type, w.device);
  tell(context, done, "Updated connection", true);
}

void edit(Context& context, Wanted w, const std::optional<std::string>& new_name) {
  check_sign_in(context, w);
  if (w.sign_in) return edit_by_sign_in(context, w, new_name);
  json::object params{{"connection", w.name}};
  set(params, "name", new_name);
  change(params, "username", w.username);
  change(params, "email", w.email);
  change(params, "server_url", w.server_url);
  change(params, "organization", w.organization);
  change(params, "expires_at", w.expires_at);
  change(params, "commit_name", w.commit_name);
  change(params, "commit_email", w.commit_email);
  if (w.keep || w.session) params["retention"] = w.keep ? "keep" : "session";
  set(params, "access", w.access);
  if (w.allow_http) params["allow_http"] = true;
  if (w.no_verify) params["verify"] = false;
  if (w.accept_account_change) params["accept_account_change"] = true;
  if (w.token_stdin) w.token = read_secret_from_stdin();
  const bool nothing_named = params.size() == 1 && !w.token;
  if (nothing_named && !context.json_output && stdin_is_terminal()) {
    ask_how_to_configure_again(context, w);
    if (w.sign_in) return edit_by_sign_in(context, w, new_name);
    change(params, "expires_at", w.expires_at);
  }
  if (w.token) params["token"] = w.token->reveal();
  if (params.size() == 1)
    context.misused(
        "There is nothing to change: name an option, as --username or --token-stdin; see forgelink edit "
        "--help");
  tell(context, context.call("connection.update", std::move(params)), "Updated connection");
  extend_git_setup(context);
}

}  // namespace

void declare_edit(CLI::App& app, Context& context) {
  static Wanted added, edited;
  static std::optional<std::string> new_name;
  CLI::App* c = command(app, context, "add", "Make a connection");
  c->add_option("NAME", added.name, "What you call it")->required(false);
  c->add_option("--type", added.type, "Its type; forgelink types lists them");
  declare_options(*c, added);
  c->callback([&context] {
    if (added.name.empty() && (context.json_output || !stdin_is_terminal()))
      context.misused("NAME is missing.");
    add(context, std::move(added));
  });

  c = command(app, context, "edit", "Change a connection, or configure it again");
  c->add_option("NAME", edited.name, "Its name or id")->required();
  c->add_option("--rename", new_name, "A new name")->type_name("NEW");
  declare_options(*c, edited);
  c->add_option("--commit-name", edited.commit_name,
                "The name that commits made with it shall have; '' for none")
      ->type_name("NAME");
  c->add_option("--commit-email", edited.commit_email, "Their address; '' for none")->type_name("ADDRESS");
  c->callback([&context] { edit(context, std::move(edited), new_name); });
}

}  // namespace forgelink::cli
