// SPDX-License-Identifier: MIT
// A forge's REST API as clients may ask it themselves, by `forge.request` and by `forgelink run`: where it
// is, and which repository a path of it is about. Data of a Provider; functions without state, any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/http/http.hpp"

namespace forgelink {

struct Target;

// The segments of a path below the root, each decoded: one may hold a slash of its own (GitLab's projects).
using PathSegments = std::vector<std::string>;

struct ForgeApi {
  // "https://api.github.com", "https://host/sub/api/v4": what is asked for lies at or below it.
  std::string (*root)(const Target& target) = nullptr;

  // The address for GraphQL; null where there is none.
  std::string (*graphql)(const Target& target) = nullptr;

  // The host that the forge's own command line asks for, whatever the settings say; "" if that is the host of
  // the root.
  std::string_view client_host = {};

  // A question with the token and the headers that this API wants.
  http::Request (*request)(const Target& target, std::string url) = nullptr;

  // The repository as people name it ("owner/name") that a path of the API is about; nothing where it is
  // about none, or names it by a number.
  std::optional<std::string> (*repository)(const PathSegments& path) = nullptr;

  // The same for what follows a web root in an address that git clones from, without ".git"; null where it is
  // that text.
  std::string (*git_repository)(std::string_view path) = nullptr;
};

// "owner/name" from two segments of a path; nothing if one is missing, or is no name.
std::optional<std::string> repository_at(const PathSegments& path, std::size_t owner, std::size_t name);

}  // namespace forgelink
