// SPDX-License-Identifier: MIT
// Rate limiting, single-flight and revalidation, for all clients of a forge together.
//
// A request that a forge answers with a rate limit is retried by itself if the wait is at most 5 s; otherwise
// the result is rate_limited with `retry_after`, and until then nothing is sent for that connection, nor with
// that token or refresh token at that server. Equal GET requests at the same time are sent once (same
// address, headers and token). Bodies are revalidated with their ETag. A token that the server repeats is
// taken out of the reply.
//
// A Client around another, which must outlive it. Used on the event loop only. Fails as the inner client
// does, and with rate_limited.
#pragma once

#include <chrono>
#include <unordered_map>

#include "base/single_flight.hpp"
#include "providers/http/etag_cache.hpp"
#include "providers/http/http.hpp"

namespace forgelink::http {

class ForgeClient : public Client {
 public:
  explicit ForgeClient(Client& inner) : inner_(inner) {}

  awaitable<Result<Reply>> send(Request request) override;

  // The connection was removed: drops what is known of it.
  void forget(const std::string& connection);

  // What is kept between requests, which must stay bounded.
  std::size_t backoffs() const { return backoff_until_.size(); }
  std::size_t cached_bytes() const { return cache_.size(); }

 private:
  awaitable<Result<Reply>> send_revalidated(Request request, std::string key);
  awaitable<Result<Reply>> send_with_backoff(Request request);
  Milliseconds backoff_left(const std::vector<std::string>& subjects);
  void back_off(const std::vector<std::string>& subjects, Milliseconds pause);

  Client& inner_;
  // By connection id, and by server and token digest.
  std::unordered_map<std::string, std::chrono::steady_clock::time_point> backoff_until_;
  SingleFlight<std::string, Reply> flights_;
  EtagCache cache_;
};

}  // namespace forgelink::http
