// SPDX-License-Identifier: MIT
#include "clients/gtk/connection.hpp"

#include <glibmm/datetime.h>

#include "clients/gtk/display_text.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

constexpr std::size_t date_length = 10;  // YYYY-MM-DD

Glib::ustring local_time(std::optional<Time> time, const char* format) {
  if (!time) return "–";
  const auto seconds = static_cast<gint64>(time->time_since_epoch().count());
  const Glib::DateTime local = Glib::DateTime::create_now_local(seconds);
  return local ? local.format(format) : Glib::ustring("–");
}

}  // namespace

std::string Connection::field(std::string_view name_of_field) const {
  if (name_of_field == "name") return name;
  if (name_of_field == "username") return username;
  if (name_of_field == "email") return email;
  if (name_of_field == "server_url") return server_url;
  if (name_of_field == "organization") return organization;
  if (name_of_field == "expires_at") return expires_at ? rfc3339(*expires_at).substr(0, date_length) : "";
  return "";
}

Connection connection_of(const protocol::ConnectionView& from) {
  const protocol::AccountView account = from.account.value_or(protocol::AccountView());
  Connection made{.id = from.id,
                  .name = from.name,
                  .type = from.type,
                  .username = display_text(from.username.value_or("")),
                  .email = from.email.value_or(""),
                  .server_url = from.server_url.value_or(""),
                  .organization = from.organization.value_or(""),
                  .sign_in = from.sign_in,
                  .retention = from.retention,
                  .access = from.access,
                  .state = from.token.state,
                  .stored_in = from.token.stored_in.value_or(""),
                  .can_renew = from.token.can_renew,
                  .expires_at = from.token.expires_at,
                  .missing_scopes = from.token.missing_scopes,
                  .account_login = display_text(account.login.value_or("")),
                  .account_name = display_text(account.display_name.value_or("")),
                  .account_email = display_text(account.email.value_or("")),
                  .commit_name = from.commit_name.value_or(""),
                  .commit_email = from.commit_email.value_or(""),
                  .hint = display_text(from.hint.value_or("")),
                  .forbidden = display_text(from.policy_forbids.value_or("")),
                  .verified_at = from.verified_at,
                  .last_used_at = from.last_used_at,
                  .created_at = from.created_at,
                  .repositories_used = from.repositories_used};
  for (const protocol::WarningView& warning : from.warnings.value_or(std::vector<protocol::WarningView>()))
    made.warnings.push_back(
        {.date = display_text(warning.date), .text = display_text(warning.text), .url = warning.url});
  return made;
}

Glib::ustring date_text(std::optional<Time> time) { return local_time(time, "%Y-%m-%d"); }

Glib::ustring time_text(std::optional<Time> time) { return local_time(time, "%Y-%m-%d %H:%M"); }

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

Glib::ustring or_dash(const std::optional<std::string>& text) { return or_dash(text.value_or("")); }

}  // namespace forgelink::gtk
