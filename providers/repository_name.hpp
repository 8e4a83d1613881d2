// SPDX-License-Identifier: MIT
// A repository as a person names it: a path, or any clone, browser or SSH address of it (docs/forges.md 9).
//
// Turns it into the parts of its path on the connection's own server, or says that it belongs elsewhere.
// Which of the parts make the forge's own id is the forge's business. Plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace forgelink {

// Where a connection's repositories are.
struct RepositoryPlaces {
  std::vector<std::string> web_roots;  // "https://github.com", "https://git.example/sub"
  std::vector<std::string> ssh_hosts;  // beside the hosts of the roots: "ssh.github.com"
  bool ssh_has_sub_path =
      false;                    // SSH addresses may repeat the root's path, or its end (Azure DevOps Server)
  bool owner_and_name = false;  // a plain path has two parts at most, and an owner no dot in his name
};

struct NamedRepository {
  std::vector<std::string> parts;  // below the root, decoded; never empty, "." or ".."
  std::string host;                // in lower case; "" for a plain path
  std::string user;                // what stood before the host: the organization in old Azure SSH addresses
};

// `invalid_params` on `repository` for another server's address and for what is no name.
Result<NamedRepository> read_repository_name(std::string_view name, const RepositoryPlaces& places);

// "owner/name" and more: the first `count` parts, without ".git".
Result<std::string> first_parts(const std::vector<std::string>& parts, std::size_t count,
                                std::string_view shape);

// The address without what stands before its host and is no part of it: the user and the password or token of
// "https://user:token@host/path". SSH keeps its user. Anything else as it is.
std::string without_login(std::string_view address);

Error not_a_repository(std::string_view shape);

// "a/b/c", and the same with every part percent-encoded.
std::string joined(const std::vector<std::string>& parts);
std::string encoded_path(std::string_view path);

bool is_number(std::string_view text);
bool is_uuid(std::string_view text);

}  // namespace forgelink
