// SPDX-License-Identifier: MIT
// One token that was found, with what is known about the connection it could become. Used on the thread of
// the command line only.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "clients/cli/import/found.hpp"

namespace forgelink::cli {

struct Finding {
  std::vector<Found> places;  // one token, wherever it was found; never empty
  std::string type, server_url, organization, username, email, name;
  std::optional<std::string> expires_at;
  // new, exists, needs (a person has to tell `missing`), cannot; after the import: imported, refused, skipped
  std::string state;
  std::string missing;       // type, username or organization
  std::string sentence;      // what there is to say about the state
  std::string connection;    // the one that exists or was created
  boost::json::value error;  // of the protocol, if it was refused
  bool verified = false;     // the forge has confirmed the connection's token, and it is this one

  // REQUIRES: `places` is not empty.
  const Found& found() const { return places.front(); }
  const Secret& token() const { return places.front().token; }
  // "octo-dev on github.com"
  std::string subject() const;
  // No user name and no address: it may be the token of any account.
  bool is_unnamed() const { return username.empty() && email.empty(); }
};

// Are both the same token for the same place?
bool is_same(const Finding& a, const Finding& b);

// Adds the places of `other`, and what `into` does not know yet.
// REQUIRES: is_same(into, other).
void join(Finding& into, Finding other);

}  // namespace forgelink::cli
