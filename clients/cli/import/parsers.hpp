// SPDX-License-Identifier: MIT
// The files of other programs: from their text to what was found in it. Plain functions; nothing is read or
// written here.
#pragma once

#include "clients/cli/import/found.hpp"

namespace forgelink::cli {

// git-credential-store(1): an address with user and password on each line, percent-encoded.
Parsed parse_git_store(std::string_view text);

// netrc, as in ftp(1): machine, login, password, account, port, macdef, default; # begins a
// comment. Words that are not known are passed over, as curl does.
Parsed parse_netrc(std::string_view text);

// Git Credential Manager's plain-text store: a file for each credential, the password on its first line, then
// service=ADDRESS and account=NAME.
Parsed parse_gcm(std::string_view text);

// Scheme, host and path of the address under which Git Credential Manager keeps a credential, in its files
// and in the keyring. False if it is none of ours; a refresh token gets its sentence in `cannot`.
bool read_gcm_service(std::string_view service, Found& found);

// gh's hosts.yml: a mapping by host; since gh 2.40 with one more by user in it.
Parsed parse_gh(std::string_view text);

// glab's config.yml: a mapping by host under `hosts`.
Parsed parse_glab(std::string_view text);

}  // namespace forgelink::cli
