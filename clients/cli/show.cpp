// SPDX-License-Identifier: MIT
#include "clients/cli/show.hpp"

#include <fmt/format.h>

#include "clients/cli/context.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

std::string day_of(const std::string& time) { return time.substr(0, 10); }

std::string joined(const json::value* list) {
  std::string words;
  if (list == nullptr || !list->is_array()) return words;
  for (const json::value& word : list->get_array())
    words += (words.empty() ? "" : ", ") +
             (word.is_string() ? std::string(word.get_string()) : json::serialize(word));
  return words;
}

// What a scope is for, by what type.list says of the type; "" if it does not say.
std::string purpose_of(const std::string& scope, const std::string& type, const json::value& types) {
  const json::value* list = member(types, "types");
  if (list == nullptr || !list->is_array()) return "";
  for (const json::value& one : list->get_array()) {
    const json::value* scopes = text(one, "id") == type ? member(one, "scopes") : nullptr;
    if (scopes == nullptr || !scopes->is_array()) continue;
    for (const json::value& known : scopes->get_array())
      if (text(known, "scope") == scope) return text(known, "needed_for");
  }
  return "";
}

}  // namespace

std::string token_in_words(const json::value& connection) {
  const json::value* token = member(connection, "token");
  if (token == nullptr) return "";
  const std::string state = text(*token, "state"), expires = text(*token, "expires_at");
  std::string words = state;
  if (!expires.empty() && (state == "valid" || state == "unverified")) words += " until " + day_of(expires);
  if (!expires.empty() && state == "expired") words += " on " + day_of(expires);
  if (text(*token, "stored_in") == "memory") words += ", in memory only";
  if (state == "missing" || state == "expired" || state == "rejected")
    words += ": forgelink edit " + quoted(text(connection, "name"));
  if (state == "unavailable") words += ": the keyring is away";
  return words;
}

std::string connection_in_words(const json::value& connection, const json::value& types) {
  std::string lines;
  const auto line = [&](const char* label, const std::string& value) {
    if (!value.empty()) lines += fmt::format("{:<15}{}\n", label, wrapped(clean(value), 15));
  };
  line("Name", text(connection, "name"));
  line("Type", text(connection, "type"));
  line("Username", text(connection, "username"));
  line("Email", text(connection, "email"));
  line("Server", text(connection, "server_url"));
  line("Organization", text(connection, "organization"));
  if (const json::value* account = member(connection, "account")) {
    const std::string login = text(*account, "login"), shown = text(*account, "display_name");
    line("Account", shown.empty() || shown == login ? login
                    : login.empty()                 ? shown
                                                    : login + " (" + shown + ")");
  }
  line("Signs in by",
       text(connection, "sign_in") == "oauth" ? "sign-in with the forge" : "personal access token");
  line("Token", token_in_words(connection));
  if (const json::value* token = member(connection, "token")) {
    const bool untold = member(*token, "scopes") == nullptr && text(*token, "state") == "valid";
    line("Scopes", untold ? "the forge does not tell" : joined(member(*token, "scopes")));
    if (const json::value* missing = member(*token, "missing_scopes");
        missing != nullptr && missing->is_array()) {
      for (const json::value& scope : missing->get_array()) {
        const std::string word(scope.as_string()),
            purpose = purpose_of(word, text(connection, "type"), types);
        line("Missing scope", purpose.empty() ? word : word + ": " + purpose);
      }
    }
    const std::string wider = joined(member(*token, "excess_scopes"));
    line("More than used", wider.empty() ? "" : wider + " (nothing here needs it)");
  }
  const std::string commit_name = text(connection, "commit_name"), commit_email = text(connection, "commit_email");
  line("Commits as", commit_email.empty() ? commit_name : commit_name + " <" + commit_email + ">");
  line("Kept", text(connection, "retention") == "session" ? "until the session ends" : "until it is removed");
  line("Verified", text(connection, "verified_at"));
  line("Last used", text(connection, "last_used_at"));
  line("Repositories", text(connection, "repositories_used"));
  line("Hint", text(connection, "hint"));
  line("Policy", text(connection, "policy_forbids"));
  if (const json::value* warnings = member(connection, "warnings");
      warnings != nullptr && warnings->is_array()) {
    for (const json::value& warning : warnings->get_array())
      line("From", text(warning, "date") + ": " + text(warning, "text") + " " + text(warning, "url"));
  }
  line("Id", text(connection, "id"));
  return lines;
}

}  // namespace forgelink::cli
