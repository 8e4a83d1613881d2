// SPDX-License-Identifier: MIT
// Asking a person on a terminal for what the command line left out.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "clients/cli/context.hpp"

namespace forgelink::cli {

// What `add` and `edit` were told.
struct Wanted {
  std::string name;
  std::optional<std::string> type, username, email, server_url, organization, expires_at;
  std::optional<std::string> commit_name, commit_email;  // `edit` only
  std::optional<Secret> token;
  bool token_stdin = false, sign_in = false, github = false, device = false, keep = false, session = false;
  bool no_verify = false, allow_http = false, accept_account_change = false;
  std::optional<std::string> access;  // allow or ask
};

// In the order in which type.list names the fields; shows the page that makes the token.
void ask_for_what_is_missing(Context& context, Wanted& wanted);

// How the connection `wanted.name` is to be configured again: by a sign-in where it was made by one, else by
// a token, and its end where the forge does not tell.
void ask_how_to_configure_again(Context& context, Wanted& wanted);

}  // namespace forgelink::cli
