// SPDX-License-Identifier: MIT
#include "clients/cli/show.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "clients/cli/connection_word.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

using Types = std::vector<protocol::TypeList::TypeView>;

// What a scope is for, by what type.list says of the type; "" if it does not say.
std::string purpose_of(const std::string& scope, const std::string& type, const Types& types) {
  for (const auto& one : types) {
    if (one.id != type) continue;
    for (const auto& known : one.scopes) {
      if (known.scope == scope) return known.needed_for;
    }
  }
  return "";
}

std::string account_in_words(const protocol::AccountView& account) {
  const std::string login = account.login.value_or(""), shown = account.display_name.value_or("");
  if (shown.empty() || shown == login) return login;
  return login.empty() ? shown : login + " (" + shown + ")";
}

// Lines of a label and a value; a value that is not there gets none.
class Lines {
 public:
  void add(const char* label, const std::string& value) {
    if (!value.empty()) text_ += fmt::format("{:<15}{}\n", label, wrapped(clean(value), 15));
  }
  void add(const char* label, const std::optional<std::string>& value) { add(label, value.value_or("")); }
  void add(const char* label, const std::optional<Time>& time) { add(label, time ? rfc3339(*time) : ""); }

  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

void add_scopes(Lines& lines, const protocol::ConnectionView& connection, const Types& types) {
  const protocol::TokenView& token = connection.token;
  const bool untold = !token.scopes && token.state == "valid";
  if (untold) lines.add("Scopes", std::string("the forge does not tell"));
  if (token.scopes) lines.add("Scopes", fmt::format("{}", fmt::join(*token.scopes, ", ")));
  for (const std::string& scope : token.missing_scopes) {
    const std::string purpose = purpose_of(scope, connection.type, types);
    lines.add("Missing scope", purpose.empty() ? scope : scope + ": " + purpose);
  }
  if (!token.excess_scopes.empty())
    lines.add("More than used",
              fmt::format("{} (nothing here needs it)", fmt::join(token.excess_scopes, ", ")));
}

}  // namespace

std::string day_of(const std::optional<Time>& time) { return time ? rfc3339(*time).substr(0, 10) : ""; }

std::string token_in_words(const protocol::ConnectionView& connection) {
  const protocol::TokenView& token = connection.token;
  const std::string &state = token.state, day = day_of(token.expires_at);
  std::string words = state;
  if (!day.empty() && (state == "valid" || state == "unverified")) words += " until " + day;
  if (!day.empty() && state == "expired") words += " on " + day;
  if (token.stored_in == "memory") words += ", in memory only";
  if (state == "missing" || state == "expired" || state == "rejected")
    words += ": forgelink edit " + connection_word(connection.name, connection.id);
  if (state == "unavailable") words += ": the keyring is not available";
  return words;
}

Color token_color(const std::string& words) {
  constexpr std::string_view dated = "valid until ";
  if (words.starts_with("missing") || words.starts_with("expired") || words.starts_with("rejected"))
    return Color::bad;
  if (!words.starts_with("valid")) return Color::warning;
  if (!words.starts_with(dated)) return Color::good;
  const auto end = parse_time(words.substr(dated.size(), 10));
  const bool soon = end && *end < SystemClock().now() + std::chrono::days(14);
  return soon ? Color::warning : Color::good;
}

std::string connection_in_words(const protocol::ConnectionView& connection, const Types& types) {
  Lines lines;
  lines.add("Name", connection.name);
  lines.add("Type", connection.type);
  lines.add("Username", connection.username);
  lines.add("Email", connection.email);
  lines.add("Server", connection.server_url);
  lines.add("Organization", connection.organization);
  if (connection.account) lines.add("Account", account_in_words(*connection.account));
  lines.add("Signs in by",
            std::string(connection.sign_in == "pat" ? "personal access token" : "sign-in with the forge"));
  lines.add("Token", token_in_words(connection));
  add_scopes(lines, connection, types);
  const std::string commit_name = connection.commit_name.value_or(""),
                    commit_email = connection.commit_email.value_or("");
  lines.add("Commits as", commit_email.empty() ? commit_name : commit_name + " <" + commit_email + ">");
  lines.add("Kept", std::string(connection.retention == "session" ? "until the session ends"
                                                                  : "until it is removed"));
  if (connection.access == "ask")
    lines.add("Access", std::string("ask: you are asked before its token is used"));
  lines.add("Verified", connection.verified_at);
  lines.add("Last used", connection.last_used_at);
  lines.add("Repositories", std::to_string(connection.repositories_used));
  lines.add("Hint", connection.hint);
  lines.add("Policy", connection.policy_forbids);
  for (const auto& warning : connection.warnings.value_or(std::vector<protocol::WarningView>{}))
    lines.add("From", warning.date + ": " + warning.text + " " + warning.url);
  lines.add("Id", connection.id);
  return std::move(lines).text();
}

}  // namespace forgelink::cli
