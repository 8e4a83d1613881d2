// SPDX-License-Identifier: MIT
// A connection as the daemon describes it. A plain value; texts without a value are empty.
#pragma once

#include <glibmm/ustring.h>

#include <string>
#include <vector>

#include "clients/gtk/json_access.hpp"

namespace forgelink::gtk {

struct Connection {
  struct Warning {
    std::string date, text, url;
  };

  std::string id, name, type, username, email, server_url, organization;
  std::string sign_in, retention, access;
  std::string state, expires_at, stored_in;
  std::vector<std::string> missing_scopes;
  std::string account_login, account_name, account_email;
  std::string commit_name, commit_email;
  std::string hint, forbidden, verified_at, last_used_at, created_at;
  std::int64_t repositories_used = 0;
  std::vector<Warning> warnings;

  bool signs_in() const { return sign_in != "pat"; }

  // The value of a field of `type.list` that `connection.add` takes; empty for the token.
  std::string field(std::string_view name) const;
};

Connection connection_of(const json::object& from);

// “2027-02-01”, in the person's time zone; "–" if there is none.
Glib::ustring date_text(const std::string& rfc3339);
// With hours and minutes.
Glib::ustring time_text(const std::string& rfc3339);

// The state's word for people, and the icon that stands for it.
Glib::ustring state_text(const std::string& state);
const char* state_icon(const std::string& state);
// The style class: success, warning, error, or "dim-label".
const char* state_style(const std::string& state);

// "Kept until you remove it" or "Ends with the session".
Glib::ustring retention_text(const std::string& retention);

// "–" for what has no value.
Glib::ustring or_dash(const std::string& text);

}  // namespace forgelink::gtk
