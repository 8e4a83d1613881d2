// SPDX-License-Identifier: MIT
// Sends requests of clients to a forge's REST API; the token stays in the daemon.
//
// Only the connection's own API is reached, at or below its root; redirects are followed for reads only,
// within that root. The answer is passed on unchanged, whatever its status, with the token masked. On the
// loop; what is given must outlive it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/access/gate.hpp"
#include "daemon/front/api_path.hpp"
#include "providers/http/http.hpp"

namespace forgelink {

class ApiRequests {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  struct Question {
    ConnectionId connection;
    std::string method = "GET", path;  // as parse_api_path takes it
    Pairs query, headers;
    std::string body;
    bool write = false;  // yes to another method than GET and HEAD
  };

  struct Answer {
    unsigned status = 0;
    std::map<std::string, std::string, std::less<>> headers;
    std::string body;
    std::optional<std::string> next;  // the path of the next page, below the root
  };

  ApiRequests(Registry& registry, Gate& gate, http::Client& client, const Settings& settings)
      : registry_(registry), gate_(gate), client_(client), settings_(settings) {}

  // `invalid_params` on method, path, headers, body or write; else as the gate and http::Client fail.
  awaitable<Result<Answer>> ask(Question question, Asker asker);

 private:
  Registry& registry_;
  Gate& gate_;
  http::Client& client_;
  const Settings& settings_;
};

// Refuses what would replace a header of ours, change the method behind our back, or break the message.
Result<> check_client_header(std::string_view name, std::string_view value);

}  // namespace forgelink
