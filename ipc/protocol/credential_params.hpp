// SPDX-License-Identifier: MIT
// What git's credential helper sends: the attributes of gitcredentials(7), listed once.
#pragma once

#include "ipc/field_types.hpp"

namespace forgelink::protocol {

// The parameters that all three of git's questions share.
struct CredentialParams {
  ipc::LongText protocol, host;
  std::optional<ipc::LongText> path, username, directory;
  std::vector<ipc::LongText> wwwauth, capabilities;
  std::optional<Secret> password, oauth_refresh_token, credential;
  std::optional<ipc::LongText> authtype, client_version;
  std::optional<std::int64_t> password_expiry_utc;
  bool ephemeral = false;

  void fields(auto& f) {
    f.optional("protocol", protocol, "https, or what git asks with.");
    f.optional("host", host, "The host, with its port if git names one; compared byte for byte.");
    f.optional("path", path, "The path, where credential.useHttpPath is set.");
    f.optional("username", username, "The user name, if git has one already.");
    f.optional("directory", directory,
               "The top of the work tree that git works in, for rules about folders.");
    f.optional("wwwauth", wwwauth, "The server's WWW-Authenticate headers.");
    f.optional("capabilities", capabilities, "What git understands: authtype, state.");
    f.optional("password", password, "store, erase: the password.");
    f.optional("password_expiry_utc", password_expiry_utc, "store: when it ends, in Unix seconds.");
    f.optional("oauth_refresh_token", oauth_refresh_token, "store: the refresh token.");
    f.optional("authtype", authtype, "store, erase: the scheme of `credential`.");
    f.optional("credential", credential, "store, erase: what follows the scheme.");
    f.optional("ephemeral", ephemeral, "store: not to be kept.");
    f.optional("client_version", client_version,
               "get: the version of the helper, which is told once that it is not the daemon's.");
  }
};

}  // namespace forgelink::protocol
