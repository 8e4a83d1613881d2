// Manners towards forges, for all clients together: a forge that wants to be left alone is, the same question
// asked at the same moment goes out once, and what has not changed is not fetched again (ETag).
//
// Waits of up to 5 s are kept inside; beyond that the answer is `rate_limited` with `retry_after`, and
// nothing is sent for that connection before the time is over (design section 14). A Client around another,
// on the loop.
#pragma once

#include <list>
#include <unordered_map>

#include "providers/http/http.hpp"

namespace forgelink::http {

class ForgeClient : public Client {
 public:
  explicit ForgeClient(Client& inner) : inner_(inner) {}

  awaitable<Result<Reply>> send(Request request) override;

 private:
  struct Flight;
  struct Remembered {
    std::string key, etag;
    Reply reply;
    std::size_t size = 0;
  };

  awaitable<Result<Reply>> send_politely(Request request);
  awaitable<Result<Reply>> send_once(Request request);
  void remember(std::string key, const Reply& reply);
  static std::string key_of(const Request& request);

  Client& inner_;
  std::unordered_map<std::string, std::chrono::steady_clock::time_point> quiet_until_;  // by connection
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
  std::list<Remembered> remembered_;  // newest first
  std::size_t remembered_size_ = 0;
};

// How long the forge wants to be left alone; nothing if it does not. 60 s where it does not say.
std::optional<std::chrono::seconds> wanted_pause(const Reply& reply);

}  // namespace forgelink::http
