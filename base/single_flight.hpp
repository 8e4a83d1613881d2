// SPDX-License-Identifier: MIT
// Coalesces concurrent calls with the same key: the first caller does the work, everybody who asks meanwhile
// waits for it and gets the same result, success and failure alike.
//
//   awaitable<Result<Reply>> work = fetch(url);
//   Result<Reply> reply = co_await flights.run(url, std::move(work));
//
// Used on the event loop only. `T` is copied to each waiter; `void` is allowed. If the work throws, its
// caller gets the exception and the waiters an error of kind `internal`, so nobody waits forever. A flight
// may outlive the SingleFlight (one under way when the daemon ends).
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "base/async.hpp"
#include "base/result.hpp"

namespace forgelink {

template <class Key, class T = void>
class SingleFlight {
  struct Flight {
    Signal landed;
    std::optional<Result<T>> result;
  };
  using Flights = std::unordered_map<Key, std::shared_ptr<Flight>>;

 public:
  // Awaits `work`, or the flight of that key that is under way; then `work` is dropped unstarted.
  awaitable<Result<T>> run(Key key, awaitable<Result<T>> work) {
    const auto found = flights_->find(key);
    if (found != flights_->end()) {
      const std::shared_ptr<Flight> flight = found->second;
      while (!flight->result) co_await flight->landed.wait();
      co_return *flight->result;
    }
    Landing landing(flights_, std::move(key));
    Result<T> result = co_await std::move(work);
    landing.set(result);
    co_return result;
  }

  bool is_under_way(const Key& key) const { return flights_->contains(key); }

 private:
  // Ends the flight however the work ends.
  class Landing {
   public:
    Landing(std::shared_ptr<Flights> flights, Key key)
        : flights_(std::move(flights)), key_(std::move(key)), flight_(std::make_shared<Flight>()) {
      flights_->emplace(key_, flight_);
    }
    Landing(const Landing&) = delete;
    ~Landing() {
      if (!flight_->result)
        flight_->result.emplace(Error{.code = Errc::internal, .message = "The operation did not finish."});
      flights_->erase(key_);
      flight_->landed.notify();
    }
    // Copied only if somebody waits for it: a result may be a body of megabytes.
    void set(const Result<T>& result) {
      if (flight_.use_count() > 2) flight_->result.emplace(result);
    }

   private:
    std::shared_ptr<Flights> flights_;
    Key key_;
    std::shared_ptr<Flight> flight_;
  };

  std::shared_ptr<Flights> flights_ = std::make_shared<Flights>();
};

}  // namespace forgelink
