// SPDX-License-Identifier: MIT
// What git writes to a credential helper (git-credential(1), "INPUT/OUTPUT FORMAT"; docs/forges.md 12):
// key=value lines up to a blank line or the end. Read strictly: nothing with a control character or that is
// not UTF-8 gets through.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

constexpr std::size_t longest_credential_line = 65'535;  // with its newline, as git itself allows
// git adds as many WWW-Authenticate headers as the server sends; curl ends those after 300 KiB.
constexpr std::size_t longest_credential_input = 1 << 20;
// Longer or further values of a list are passed over: no challenge of a forge needs them.
constexpr std::size_t longest_list_value = 4'096, most_list_values = 32;

struct CredentialInput {
  boost::json::object params;  // of credential.get, .store, .erase
  bool is_empty = true;
};

// Nothing for what git would not write; `why` is then a sentence without any of it.
std::optional<CredentialInput> parse_credential(std::string_view input, std::string& why);

// May it go into a line for git?
bool is_clean(std::string_view value);

}  // namespace forgelink
