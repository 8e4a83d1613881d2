// A repository as a person names it: a path, or any clone, browser or SSH address of it (providers 9).
//
// Turns it into the parts of its path on the connection's own server, or says that it belongs elsewhere.
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
};

// The decoded parts of the path below the root; a plain path is taken as it is. `invalid_params` on
// `repository` for another server's address and for what is no name.
Result<std::vector<std::string>> repository_path(std::string_view name, const RepositoryPlaces& places);

// "owner/name" and more: the first `count` parts, without ".git".
Result<std::string> first_parts(const std::vector<std::string>& parts, std::size_t count,
                                std::string_view shape);

Error not_a_repository(std::string_view shape);

// "a/b/c", and the same with every part percent-encoded.
std::string joined(const std::vector<std::string>& parts);
std::string encoded_path(std::string_view path);

bool is_number(std::string_view text);
bool is_uuid(std::string_view text);

}  // namespace forgelink
