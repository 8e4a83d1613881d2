// SPDX-License-Identifier: MIT
// Routes a request to a front by its method, host and path alone.
//
// A front passes on what git and a forge's API need, to the connection's own addresses, and nothing else: a
// web page of a forge never gets a token. Plain functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "providers/forge_api.hpp"
#include "providers/http/relay.hpp"

namespace forgelink {

// What whoever opened the front allows.
struct FrontRules {
  std::vector<std::string> repositories;  // "owner/name"; empty: all
  bool read_only = false;
  bool graphql = false;  // also where it cannot be filtered
};

// The connection's addresses.
struct FrontPlaces {
  std::vector<std::string> git_roots;  // "https://github.com"
  std::string api_root, graphql;       // addresses; "" where there is none
  std::string client_host;             // another name of the API's host, "api.github.com"
  std::string port_authority;          // "127.0.0.1:45678"
  const ForgeApi* api = nullptr;
};

struct FrontRequest {
  std::string method, host, target;
  bool by_port = false;
};

struct FrontRoute {
  bool is_git = false;
  std::string url;
  std::string host, path;   // for the log: what is asked for
  bool checks_lfs = false;  // its body must ask for a download (git-lfs's batch API)
};

std::variant<FrontRoute, http::LocalReply> route_of(const FrontRequest& request, const FrontPlaces& places,
                                                    const FrontRules& rules);

// May it be sent to a forge, or is it the connection's, the front's or the way's own?
bool is_passed_on(std::string_view header);

// Does git-lfs's batch request ask for a download?
bool asks_for_download(std::string_view body);

// "owner/name" in its normal form, to compare: without ".git" and slashes at the ends, in lower case.
std::string repository_key(std::string_view repository);

}  // namespace forgelink
