// SPDX-License-Identifier: MIT
// A connection as the window shows it: `protocol::ConnectionView` with texts that are empty where it has no
// value, and without anything that could pass for another text. A plain value.
#pragma once

#include <glibmm/ustring.h>

#include <optional>
#include <string>
#include <vector>

#include "ipc/protocol/connection_view.hpp"

namespace forgelink::gtk {

struct Connection {
  struct Warning {
    std::string date, text, url;
  };

  std::string id, name, type, username, email, server_url, organization;
  std::string sign_in, retention, access;
  std::string state, stored_in;
  bool can_renew = false;
  std::optional<Time> expires_at;
  std::vector<std::string> missing_scopes;
  std::string account_login, account_name, account_email;
  std::string commit_name, commit_email;
  std::string hint, forbidden;
  std::optional<Time> verified_at, last_used_at;
  Time created_at{};
  std::int64_t repositories_used = 0;
  std::vector<Warning> warnings;

  bool signs_in() const { return sign_in != "pat"; }

  // The value of a field of `type.list` that `connection.add` takes; empty for the token.
  std::string field(std::string_view name) const;
};

Connection connection_of(const protocol::ConnectionView& from);

// “2027-02-01”, in the person's time zone; "–" if there is none.
Glib::ustring date_text(std::optional<Time> time);
// With hours and minutes.
Glib::ustring time_text(std::optional<Time> time);

// The state's word for people, and the icon that stands for it.
Glib::ustring state_text(const std::string& state);
const char* state_icon(const std::string& state);
// The style class: success, warning, error, or "dim-label".
const char* state_style(const std::string& state);

// "Kept until you remove it" or "Ends with the session".
Glib::ustring retention_text(const std::string& retention);

// "–" for what has no value.
Glib::ustring or_dash(const std::string& text);
Glib::ustring or_dash(const std::optional<std::string>& text);

}  // namespace forgelink::gtk
