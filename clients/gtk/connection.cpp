// SPDX-License-Identifier: MIT
#include "clients/gtk/connection.hpp"

#include <glibmm/datetime.h>

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

Glib::ustring local_time(const std::string& rfc3339, const char* format) {
  if (rfc3339.empty()) return "–";
  const Glib::DateTime time = Glib::DateTime::create_from_iso8601(rfc3339);
  return time ? time.to_local().format(format) : Glib::ustring(rfc3339);
}

}  // namespace

std::string Connection::field(std::string_view name_of_field) const {
  if (name_of_field == "name") return name;
  if (name_of_field == "username") return username;
  if (name_of_field == "email") return email;
  if (name_of_field == "server_url") return server_url;
  if (name_of_field == "organization") return organization;
  if (name_of_field == "expires_at") return expires_at.substr(0, expires_at.find('T'));
  return "";
}

Connection connection_of(const json::object& from) {
  const json::object& token = object_of(from, "token");
  const json::object& account = object_of(from, "account");
  Connection made{.id = text_of(from, "id"),
                  .name = text_of(from, "name"),
                  .type = text_of(from, "type"),
                  .username = text_of(from, "username"),
                  .email = text_of(from, "email"),
                  .server_url = text_of(from, "server_url"),
                  .organization = text_of(from, "organization"),
                  .sign_in = text_of(from, "sign_in"),
                  .retention = text_of(from, "retention"),
                  .access = text_of(from, "access"),
                  .state = text_of(token, "state"),
                  .expires_at = text_of(token, "expires_at"),
                  .stored_in = text_of(token, "stored_in"),
                  .missing_scopes = texts_of(token, "missing_scopes"),
                  .account_login = text_of(account, "login"),
                  .account_name = text_of(account, "display_name"),
                  .account_email = text_of(account, "email"),
                  .commit_name = text_of(from, "commit_name"),
                  .commit_email = text_of(from, "commit_email"),
                  .hint = text_of(from, "hint"),
                  .forbidden = text_of(from, "policy_forbids"),
                  .verified_at = text_of(from, "verified_at"),
                  .last_used_at = text_of(from, "last_used_at"),
                  .created_at = text_of(from, "created_at"),
                  .repositories_used = number_of(from, "repositories_used")};
  for (const json::value& one : array_of(from, "warnings")) {
    const json::object& warning = as_object(one);
    made.warnings.push_back(
        {.date = text_of(warning, "date"), .text = text_of(warning, "text"), .url = text_of(warning, "url")});
  }
  return made;
}

Glib::ustring date_text(const std::string& rfc3339) { return local_time(rfc3339, "%Y-%m-%d"); }

Glib::ustring time_text(const std::string& rfc3339) { return local_time(rfc3339, "%Y-%m-%d %H:%M"); }

Glib::ustring state_text(const std::string& state) {
  if (state == "valid") return _("valid");
  if (state == "missing") return _("missing");
  if (state == "unverified") return _("unverified");
  if (state == "expired") return _("expired");
  if (state == "rejected") return _("rejected");
  if (state == "unavailable") return _("unavailable");
  return state;
}

const char* state_icon(const std::string& state) {
  if (state == "valid") return "emblem-ok-symbolic";
  if (state == "unverified") return "dialog-question-symbolic";
  if (state == "missing" || state == "unavailable") return "dialog-warning-symbolic";
  return "dialog-error-symbolic";
}

const char* state_style(const std::string& state) {
  if (state == "valid") return "success";
  if (state == "unverified") return "dim-label";
  return state == "missing" || state == "unavailable" ? "warning" : "error";
}

Glib::ustring retention_text(const std::string& retention) {
  return retention == "session" ? _("Token ends with the session") : _("Token is kept");
}

Glib::ustring or_dash(const std::string& text) { return text.empty() ? "–" : text; }

}  // namespace forgelink::gtk
