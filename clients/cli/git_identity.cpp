// SPDX-License-Identifier: MIT
// git identity
#include "clients/cli/git_identity.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/shell_word.hpp"
#include "base/text.hpp"
#include "clients/cli/connection_word.hpp"
#include "clients/cli/explain.hpp"
#include "clients/cli/git_by_hand.hpp"
#include "clients/cli/git_place.hpp"
#include "clients/cli/process.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/connection_get.hpp"

namespace forgelink::cli {
namespace {

// What was found, for both ways of showing it.
struct IdentityCheck {
  json::value json;  // the connection as it came
  protocol::ConnectionView connection;
  CommitIdentity now, wanted;
  bool agrees = false;
};

// The connection that git gets for the usual remote of the repository here.
Answer<protocol::ConnectionGet> connection_here(Context& context) {
  const std::string directory = repository_here();
  if (directory.empty()) without_repository(context, "There is no repository here.");
  const std::string remote = usual_remote();
  const std::vector<Explained> all = explain_remotes(context, directory);
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Explained& one) { return one.remote == remote; });
  if (found == all.end())
    context.refuse(Error{.code = Errc::not_found,
                         .message = "The repository here has no remote, so no connection is its own."});
  const std::string id = found->answer ? found->answer->reply.connection.value_or("") : "";
  if (id.empty()) {
    const std::string why =
        found->answer ? fmt::format("{}: {}", found->url, outcome_in_words(found->answer->reply))
                      : fmt::format("{} is not reached by HTTPS, so no connection is its own.", found->url);
    context.refuse(Error{.code = Errc::not_found, .message = why});
  }
  return context.call<protocol::ConnectionGet>({.connection = id});
}

std::string command_for_identity(const protocol::ConnectionView& connection) {
  const auto proposal = connection.commit_proposal.value_or(protocol::CommitIdentityView{});
  const std::string email = proposal.email.value_or(""), name = proposal.name.value_or("");
  return fmt::format("forgelink edit {} --commit-name {} --commit-email {}",
                     connection_word(connection.name, connection.id), name.empty() ? "NAME" : quoted(name),
                     email.empty() ? "ADDRESS" : quoted(email));
}

// git leaves these out at both ends of a name (ident.c, strbuf_addstr_without_crud).
std::string_view as_git_writes(std::string_view name) {
  constexpr std::string_view crud = " \t\r\n.,:;<>\"\\'";
  const auto begin = name.find_first_not_of(crud);
  if (begin == std::string_view::npos) return {};
  return name.substr(begin, name.find_last_not_of(crud) - begin + 1);
}

bool agree(const CommitIdentity& now, const CommitIdentity& wanted) {
  const bool name = wanted.name.empty() || as_git_writes(wanted.name) == as_git_writes(now.name);
  return name && !wanted.email.empty() && equal_ignoring_case(wanted.email, now.email);
}

std::string configuration_here() {
  std::string file = run_program({"git", "rev-parse", "--git-path", "config"}, true).output;
  return clean(trimmed(file));
}

void set_here(Context& context, const CommitIdentity& wanted) {
  const auto set = [&](const char* key, const std::string& value) {
    if (value.empty() || run_program({"git", "config", "--local", key, value}).status == 0) return;
    if (context.json_output)
      context.refuse(Error{.message = fmt::format("git refused to set {} in this repository.", key)});
    complain(fmt::format("git refused to set {} in this repository. Add these lines to {} by hand:", key,
                         configuration_here()));
    print(shown_lines(section_lines("user", {{"name", wanted.name}, {"email", wanted.email}}), 2));
    throw Exit{1};
  };
  set("user.name", wanted.name);
  set("user.email", wanted.email);
  if (!context.json_output)
    print(fmt::format("Commits here are by {} <{}> from now on.\n", clean(wanted.name), clean(wanted.email)));
}

void tell(Context& context, const IdentityCheck& check) {
  if (context.json_output) {
    const auto person = [](const CommitIdentity& one) {
      const auto or_null = [](const std::string& text) {
        return text.empty() ? json::value() : json::value(text);
      };
      return json::object{{"name", or_null(one.name)}, {"email", or_null(one.email)}};
    };
    return print(json::object{{"connection", check.json},
                              {"identity", person(check.now)},
                              {"wanted", person(check.wanted)},
                              {"agrees", check.agrees}});
  }
  const auto line = [](const char* label, const CommitIdentity& one) {
    return fmt::format("{:<12}{}\n", label,
                       one.email.empty() ? "–" : clean(one.name) + " <" + clean(one.email) + ">");
  };
  print(fmt::format("{:<12}{}\n", "Connection", clean(check.connection.name)) + line("Wanted", check.wanted) +
        line("git commits", check.now));
}

}  // namespace

CommitIdentity identity_here() {
  const Finished git = run_program({"git", "var", "GIT_AUTHOR_IDENT"}, true);
  const auto open = git.output.rfind('<'), close = git.output.rfind('>');
  if (git.status != 0 || open == std::string::npos || close == std::string::npos || close < open) return {};
  return {.name = std::string(trimmed(std::string_view(git.output).substr(0, open))),
          .email = git.output.substr(open + 1, close - open - 1)};
}

void git_identity(Context& context, bool set) {
  auto [json, reply] = connection_here(context);
  IdentityCheck check{.json = std::move(json.at("connection")),
                      .connection = std::move(reply.connection),
                      .now = identity_here()};
  check.wanted = {.name = check.connection.commit_name.value_or(""),
                  .email = check.connection.commit_email.value_or("")};
  check.agrees = agree(check.now, check.wanted);
  if (set && !check.wanted.email.empty()) {
    set_here(context, check.wanted);
    check.now = identity_here();
    check.agrees = agree(check.now, check.wanted);
    if (!check.agrees) complain("git still uses another identity, from GIT_AUTHOR_NAME or GIT_AUTHOR_EMAIL.");
  }
  tell(context, check);
  if (check.agrees) return;
  if (check.wanted.email.empty())
    complain(fmt::format("“{}” has no commit address. Say it: {}", check.connection.name,
                         command_for_identity(check.connection)));
  else if (!set)
    complain("The identities differ. Set it for this repository: forgelink git identity --set");
  throw Exit{1};
}

}  // namespace forgelink::cli
