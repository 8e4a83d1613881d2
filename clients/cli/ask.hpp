// Asking a person on a terminal for what the command line left out.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "clients/cli/session.hpp"

namespace forgelink::cli {

// What `add` and `edit` were told.
struct Wanted {
  std::string name;
  std::optional<std::string> type, username, email, server_url, organization, expires_at;
  std::optional<Secret> token;
  bool token_stdin = false, github = false, device = false, keep = false, session = false;
  bool no_verify = false, allow_http = false, accept_account_change = false;
};

// In the order in which type.list names the fields; shows the page that makes the token.
void ask_for_what_is_missing(Session& session, Wanted& wanted);

// `expires_at`: asked for as well where the forge does not tell.
std::optional<Secret> ask_for_new_token(Session& session, const std::string& name,
                                        std::optional<std::string>& expires_at);

}  // namespace forgelink::cli
