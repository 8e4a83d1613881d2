// SPDX-License-Identifier: MIT
// What tells that a credential found elsewhere is for a forge: import asks for it through type.list, the git
// helper for the user names. Plain data.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace forgelink {

// A kind of token that the forge takes no more.
struct DeadToken {
  std::string_view prefix, reason;
};

struct Recognition {
  // Other hosts of the same forge, as "api.github.com"; "*.example.com" is any one label before it, which
  // then is the organization.
  std::vector<std::string_view> host_aliases = {};
  std::vector<std::string_view> programs = {};  // whose credentials are for this forge, as "gh"
  // A token that begins so, on a host that no type has, is for a server of this type. Hints, not proofs.
  std::vector<std::string_view> token_prefixes = {};
  std::vector<DeadToken> dead_tokens = {};
  // Prefix or mark is proof enough to make a connection of it without asking.
  bool marks_decide = false;
  // A part of a clone address's path that only this type has, as "_git", and how many parts stand between
  // the server's root and it.
  std::string_view path_mark = {};
  std::size_t parts_before_mark = 0;
  // User names that say what kind of token follows and not whose it is, beside `common_placeholders`.
  std::vector<std::string_view> placeholder_usernames = {};
};

// User names that people and programs write before any forge's token. Compared without regard to case.
std::span<const std::string_view> common_placeholders();

struct Provider;

// Does that user name, in an address of this type's forge, name nobody? A connection whose own user name it
// is comes first; ask that before.
bool is_placeholder(const Provider& provider, std::string_view username);

}  // namespace forgelink
