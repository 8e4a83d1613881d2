// SPDX-License-Identifier: MIT
// Asks a forge over HTTPS: the one interface between the forges and the network.
//
// A request says where the token goes; the client sends it to that origin and nowhere else. Limits hold for
// each: 10 s to connect, `[network] timeout` for the whole, 16 MiB for a reply. Used on the event loop only.
// Fails with forge_unreachable, tls_untrusted, proxy_failed or forge_error (no HTTP, too large). Every final
// status that a server sends is a Reply, 401 included.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace forgelink::http {

// How a token is put into the Authorization header (or GitLab's own), at the moment of sending.
struct Authorization {
  enum class Scheme { none, bearer, basic, private_token };
  Scheme scheme = Scheme::none;
  std::string user;     // of `basic`; may be empty
  SharedSecret secret;  // shared with whoever asks: a page of a list needs it as well as the next
};

// What is sent as application/x-www-form-urlencoded; secrets among it are encoded at the last moment.
struct Form {
  std::vector<std::pair<std::string, std::string>> open;
  std::vector<std::pair<std::string, Secret>> secret;
  bool empty() const { return open.empty() && secret.empty(); }
};

struct Request {
  std::string method = "GET";
  std::string url;  // absolute, http or https, already percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;
  Authorization authorization;
  Form form;         // a body, if not empty
  Secret json;       // a body of JSON, if not empty; may hold tokens
  std::string body;  // another body, if not empty, with its Content-Type among the headers
  // Follow a redirect for reading, within the same origin (a moved repository), unless its address holds
  // `sign_in_path`, as a page where a person would sign in does.
  bool follow_within_origin = false;
  std::string sign_in_path;
  std::string connection;  // whose rate limit counts; "" = nobody's
  // Read into Reply::secret_body (locked memory) instead of Reply::body: answers that hold tokens.
  bool secret_reply = false;
};

struct Reply {
  unsigned status = 0;
  std::map<std::string, std::string, std::less<>>
      headers;  // names in lower case; repeated ones joined by ", "
  std::string body;
  SharedSecret secret_body;  // only where the request asked for it

  // "" if it has no such header. `name` in lower case.
  std::string_view header(std::string_view name) const;
  bool is_json() const;  // by its content type
};

class Client {
 public:
  virtual ~Client() = default;
  virtual awaitable<Result<Reply>> send(Request request) = 0;
};

}  // namespace forgelink::http
