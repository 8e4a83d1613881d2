// SPDX-License-Identifier: MIT
#include "providers/http/forge_client.hpp"

#include <openssl/sha.h>

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <ctime>

#include "base/clock.hpp"
#include "base/url.hpp"

namespace forgelink::http {
namespace {

using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr seconds kept_inside{5};
constexpr seconds unsaid{60};
constexpr seconds longest{3600 * 24};

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc()) return std::nullopt;
  return value;
}

// Retry-After: seconds, or a date (RFC 9110 section 10.2.3).
std::optional<seconds> retry_after(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (const auto count = number(text)) return seconds(std::max<std::int64_t>(0, *count));
  std::tm date{};
  if (strptime(std::string(text).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
  return seconds(std::max<std::int64_t>(0, timegm(&date) - std::time(nullptr)));
}

std::string digest_of(const Secret& secret) {
  unsigned char digest[SHA256_DIGEST_LENGTH] = {};
  const std::string_view token = secret.reveal();
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest);
  return {reinterpret_cast<char*>(digest), sizeof digest};
}

// Whose question it is counts: a hash of the token tells two accounts apart without keeping the token.
std::string key_of(const Request& request) {
  std::string key = request.url + "\n" + request.authorization.user + "\n";
  if (request.authorization.secret) key += digest_of(*request.authorization.secret);
  for (const auto& [name, value] : request.headers) key += "\n" + name + ":" + value;
  return key;
}

// Where a wish to be left alone holds: for the connection, and for the token, which another connection may
// have as well, and which is asked about before it belongs to one.
std::vector<std::string> places_of(const Request& request) {
  if (request.connection.empty()) return {};
  std::vector<std::string> places = {request.connection};
  const auto origin = origin_of(request.url);
  if (origin && request.authorization.secret)
    places.push_back(origin->text() + "\n" + digest_of(*request.authorization.secret));
  return places;
}

Request copy_of(const Request& request) {
  return {.method = request.method,
          .url = request.url,
          .headers = request.headers,
          .authorization = request.authorization,
          .form = {},
          .follow_within_origin = request.follow_within_origin,
          .connection = request.connection};
}

std::string host_of(const Request& request) {
  const auto origin = origin_of(request.url);
  return origin ? origin->authority() : "The forge";
}

Error limited(std::string_view host, Milliseconds wait) {
  Error error = left_alone(host, std::chrono::ceil<seconds>(wait));
  error.hint = "Try again after that; nothing is asked of it before.";
  return error;
}

}  // namespace

std::optional<seconds> wanted_pause(const Reply& reply) {
  const auto asked = retry_after(reply.header("retry-after"));
  const auto clamped = [](seconds wait) { return std::min(wait, longest); };
  // Azure slows its clients down with a Retry-After on an answer that is otherwise good (providers 6.6).
  if (reply.status < 400) return asked && asked->count() > 0 ? std::optional(clamped(*asked)) : std::nullopt;
  const bool out_of_requests = reply.header("x-ratelimit-remaining") == "0";
  // GitHub says 403 as well (providers 3.7).
  const auto says = [&](std::string_view words) { return reply.body.find(words) != std::string::npos; };
  const bool secondary = reply.status == 403 && (asked || says("secondary rate limit") ||
                                                 says("API rate limit exceeded") || says("login attempts"));
  const bool away = reply.status == 503 && asked;  // RFC 9110 section 10.2.3
  if (reply.status != 429 && !(reply.status == 403 && out_of_requests) && !secondary && !away)
    return std::nullopt;
  if (asked) return clamped(*asked);
  for (const char* name : {"x-ratelimit-reset", "ratelimit-reset"}) {
    const auto reset = number(reply.header(name));
    if (!reset || (reply.status == 403 && !out_of_requests)) continue;
    const seconds wait(*reset - std::time(nullptr));
    if (wait.count() >= 0) return clamped(wait + seconds(1));
  }
  return unsaid;
}

Error left_alone(std::string_view forge, seconds wait) {
  const Time until = std::chrono::floor<seconds>(std::chrono::system_clock::now()) + wait;
  return {.code = Errc::rate_limited,
          .message = fmt::format("{} wants to be left alone for {} more {}, until {}.", forge, wait.count(),
                                 wait.count() == 1 ? "second" : "seconds", rfc3339(until)),
          .retry_after = wait};
}

// A question that several may wait for.
struct ForgeClient::Flight {
  Signal landed;
  std::optional<Result<Reply>> reply;
};

// Takes the flight off the list however it ends, and nobody is left waiting for it.
class ForgeClient::Landing {
 public:
  Landing(std::shared_ptr<Flights> flights, std::string key)
      : flights_(std::move(flights)), key_(std::move(key)), flight_(std::make_shared<Flight>()) {
    flights_->emplace(key_, flight_);
  }
  Landing(const Landing&) = delete;
  ~Landing() {
    flights_->erase(key_);
    if (!flight_->reply)
      flight_->reply = Error{.code = Errc::internal, .message = "The question was given up."};
    flight_->landed.notify();
  }

  void with(const Result<Reply>& reply) {
    if (flight_.use_count() > 2) flight_->reply = reply;  // somebody else waits for it as well
  }

 private:
  std::shared_ptr<Flights> flights_;
  std::string key_;
  std::shared_ptr<Flight> flight_;
};

awaitable<Result<Reply>> ForgeClient::send(Request request) {
  if (request.method != "GET" || request.secret_reply) {
    Result<Reply> reply = co_await send_politely(std::move(request));
    co_return reply;
  }
  std::string key = key_of(request);
  if (const auto found = flights_->find(key); found != flights_->end()) {
    const std::shared_ptr<Flight> flight = found->second;
    while (!flight->reply) co_await flight->landed.wait();
    co_return *flight->reply;
  }
  Landing landing(flights_, key);
  Result<Reply> reply = co_await send_once(std::move(request), std::move(key));
  landing.with(reply);
  co_return reply;
}

awaitable<Result<Reply>> ForgeClient::send_once(Request request, std::string key) {
  const std::string etag = remembered_.etag(key, SteadyClock::now());
  Request again = copy_of(request);
  if (!etag.empty()) request.headers.emplace_back("If-None-Match", etag);
  std::string connection = request.connection;
  Result<Reply> reply = co_await send_politely(std::move(request));
  if (reply && reply->status == 304) {
    if (auto known = remembered_.unchanged(key, *reply)) co_return *std::move(known);
    // Forgotten while the forge thought about it: ask for all of it.
    reply = co_await send_politely(std::move(again));
  }
  if (reply && reply->status == 200)
    remembered_.keep(std::move(key), std::move(connection), *reply, SteadyClock::now());
  co_return reply;
}

Milliseconds ForgeClient::quiet_for(const std::vector<std::string>& places) {
  const auto now = SteadyClock::now();
  Milliseconds left{0};
  for (const std::string& place : places) {
    const auto quiet = quiet_until_.find(place);
    if (quiet == quiet_until_.end()) continue;
    if (quiet->second <= now) {
      quiet_until_.erase(quiet);
    } else {
      left = std::max(left, std::chrono::ceil<Milliseconds>(quiet->second - now));
    }
  }
  return left;
}

void ForgeClient::leave_alone(const std::vector<std::string>& places, Milliseconds pause) {
  const auto now = SteadyClock::now();
  std::erase_if(quiet_until_, [now](const auto& entry) { return entry.second <= now; });
  for (const std::string& place : places) {
    auto& until = quiet_until_[place];
    until = std::max(until, now + pause);
  }
}

awaitable<Result<Reply>> ForgeClient::send_politely(Request request) {
  const std::vector<std::string> places = places_of(request);
  const std::string host = host_of(request);
  const bool repeatable = request.method == "GET" && !request.secret_reply;
  Milliseconds waited{0};
  while (true) {
    // Looked at again after each wait: whoever went first may have been told to wait longer.
    for (Milliseconds left = quiet_for(places); left.count() > 0; left = quiet_for(places)) {
      waited += left;
      if (waited > kept_inside) co_return limited(host, left);
      co_await sleep_for(left);
    }
    Request once = repeatable ? copy_of(request) : std::move(request);
    Result<Reply> reply = co_await inner_.send(std::move(once));
    if (!reply) co_return reply;
    const auto pause = wanted_pause(*reply);
    if (!pause) co_return reply;
    const Milliseconds wait = std::max(*pause, seconds(reply->status < 400 ? 0 : 1));
    leave_alone(places, wait);
    if (reply->status < 400) co_return reply;
    if (!repeatable || waited + wait > kept_inside) co_return limited(host, wait);
    if (!places.empty()) continue;
    waited += wait;
    co_await sleep_for(wait);
  }
}

void ForgeClient::forget(const std::string& connection) {
  quiet_until_.erase(connection);
  remembered_.forget(connection);
}

}  // namespace forgelink::http
