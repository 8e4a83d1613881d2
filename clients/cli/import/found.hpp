// SPDX-License-Identifier: MIT
// A credential that another program keeps, as it was found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "clients/cli/token_shape.hpp"

namespace forgelink::cli {

// Bytes of a file that hold it, and what takes their place.
struct Cut {
  std::size_t begin = 0, end = 0;
  std::string instead;
};

struct Found {
  std::string source;              // as --from names it
  std::string place;               // the file, or "keyring"
  std::string scheme, host, path;  // as far as it was told; the host with its port
  std::string username;            // "" where none was told
  std::string email;               // where an address stood in place of a user name
  Secret token;
  std::optional<std::string> expires_at;
  std::string cannot;  // why no connection can be made of it, a sentence
  std::vector<Cut> cuts;
  bool deleted = false;  // it is not there any more
};

// What a parser made of a text; `trouble` says what it could not make anything of.
struct Parsed {
  std::vector<Found> found;
  std::string trouble;
  bool has_default = false;  // netrc: an entry for every host that no machine names
};

using Parser = Parsed (*)(std::string_view text);

// What is between "https://" and the end, told apart: who, and what proves it. Puts a token that stands in
// the user's place where it belongs, and keeps names like x-access-token, that say nothing, out of the way.
void fill_in(Found& found, const Secret& user, Secret password);

// Percent-encoded octets decoded; as they are where the encoding is wrong.
Secret decoded(std::string_view text);

// May it be the host of an address, with or without a port?
bool is_host(std::string_view text);

}  // namespace forgelink::cli
