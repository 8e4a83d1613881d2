// SPDX-License-Identifier: MIT
// Manners towards forges, for all clients together: a forge that wants to be left alone is, the same question
// asked at the same moment goes out once, and what has not changed is not fetched again (ETag).
//
// Waits of up to 5 s are kept inside; beyond that the answer is `rate_limited` with `retry_after`, and
// nothing is sent for that connection, nor with that token, before the time is over (design section 14). A
// Client around another, on the loop.
#pragma once

#include <unordered_map>

#include "providers/http/http.hpp"
#include "providers/http/etag_cache.hpp"

namespace forgelink::http {

class ForgeClient : public Client {
 public:
  explicit ForgeClient(Client& inner) : inner_(inner) {}

  awaitable<Result<Reply>> send(Request request) override;

  // The connection is gone, and with it what was known of it.
  void forget(const std::string& connection);

  // What is kept between questions; to be bounded.
  std::size_t quiet_places() const { return quiet_until_.size(); }
  std::size_t remembered_bytes() const { return remembered_.size(); }

 private:
  struct Flight;
  class Landing;
  using Flights = std::unordered_map<std::string, std::shared_ptr<Flight>>;

  awaitable<Result<Reply>> send_once(Request request, std::string key);
  awaitable<Result<Reply>> send_politely(Request request);
  Milliseconds quiet_for(const std::vector<std::string>& places);
  void leave_alone(const std::vector<std::string>& places, Milliseconds pause);

  Client& inner_;
  std::unordered_map<std::string, std::chrono::steady_clock::time_point> quiet_until_;
  std::shared_ptr<Flights> flights_ = std::make_shared<Flights>();  // shared with those under way
  EtagCache remembered_;
};

// How long the forge wants to be left alone; nothing if it does not. 60 s where it does not say.
std::optional<std::chrono::seconds> wanted_pause(const Reply& reply);

// `rate_limited` in words: who, how long, until when.
Error left_alone(std::string_view forge, std::chrono::seconds wait);

}  // namespace forgelink::http
