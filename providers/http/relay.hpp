// SPDX-License-Identifier: MIT
// An HTTP/1.1 server for one client, that passes its requests on to a forge: bodies stream both ways,
// whatever their size, with and without a length.
//
// What a request means is decided elsewhere (`decide`); here it is read, checked for its form (RFC 9112), and
// carried. Headers of the connection itself end here; requests of the client keep their order. On the loop.
// Memory: two buffers of 64 KiB and the heads, at most 64 KiB each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "providers/http/byte_stream.hpp"
#include "providers/http/http.hpp"

namespace forgelink::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct RequestHead {
  std::string method, target;
  Headers headers;  // all that came, in their order and with their names as they were written
  bool has_body = false;

  // The value of the first one of that name, without regard to case; "" if there is none.
  std::string_view header(std::string_view name) const;
};

// An answer of our own, as JSON.
struct LocalReply {
  unsigned status = 403;
  std::string message;
};

// Where a request goes, and what goes with it.
struct Passage {
  std::string url;
  Headers headers;  // in place of those that came
  Authorization authorization;
  // Looks at the whole body before it goes, at most 1 MiB; an answer of its own ends it there. Null: not
  // needed.
  std::function<std::optional<LocalReply>(std::string_view body)> check_body;
  // What stands in the forge's Location becomes what the client can ask for; null: as it is.
  std::function<std::string(std::string_view location)> location;
  // The forge's 401 becomes a 403, so that a client does not ask the person for a password.
  bool hides_challenge = false;
};

using Decision = std::variant<Passage, LocalReply>;
using Decide = std::function<awaitable<Decision>(RequestHead head)>;
using OpenUpstream = std::function<awaitable<Result<Upstream>>(std::string url)>;

// Until the client leaves, something fails, or `client` is closed. `client`, `decide` and `open` must outlive
// it.
awaitable<> relay_requests(ByteStream& client, const Decide& decide, const OpenUpstream& open);

}  // namespace forgelink::http
