#include "providers/http/forge_client.hpp"

#include <openssl/sha.h>

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <ctime>

#include "providers/url.hpp"

namespace forgelink::http {
namespace {

using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr seconds kept_inside{5};
constexpr seconds unsaid{60};
constexpr seconds longest{3600 * 24};
constexpr std::size_t most_remembered = 1 << 20;  // bytes
constexpr std::size_t largest_remembered = 256 << 10;

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

Error limited(seconds wait) {
  return {.code = Errc::rate_limited,
          .message = fmt::format("The forge wants to be left alone for {} more seconds.", wait.count()),
          .hint = "Try again after that; nothing is asked of it before.",
          .retry_after = wait};
}

}  // namespace

std::optional<seconds> wanted_pause(const Reply& reply) {
  const auto asked = retry_after(reply.header("retry-after"));
  const auto clamped = [](seconds wait) { return std::min(wait, longest); };
  // Azure slows its clients down with a Retry-After on an answer that is otherwise good (providers 6.6).
  if (reply.status < 400) return asked && asked->count() > 0 ? std::optional(clamped(*asked)) : std::nullopt;
  const bool out_of_requests = reply.header("x-ratelimit-remaining") == "0";
  // GitHub says 403 as well (providers 3.7).
  const bool secondary =
      reply.status == 403 && (asked || reply.body.find("secondary rate limit") != std::string::npos ||
                              reply.body.find("API rate limit exceeded") != std::string::npos);
  if (reply.status != 429 && !(reply.status == 403 && out_of_requests) && !secondary) return std::nullopt;
  if (asked) return clamped(*asked);
  for (const char* name : {"x-ratelimit-reset", "ratelimit-reset"}) {
    const auto reset = number(reply.header(name));
    if (!reset || (reply.status == 403 && !out_of_requests)) continue;
    const seconds wait(*reset - std::time(nullptr));
    if (wait.count() >= 0) return clamped(wait + seconds(1));
  }
  return unsaid;
}

// A question that several may wait for.
struct ForgeClient::Flight {
  Signal landed;
  std::optional<Result<Reply>> reply;
};

std::string ForgeClient::key_of(const Request& request) {
  // Whose question it is counts: a hash of the token tells two accounts apart without keeping the token.
  unsigned char digest[SHA256_DIGEST_LENGTH] = {};
  if (request.authorization.secret) {
    const std::string_view token = request.authorization.secret->reveal();
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest);
  }
  std::string key = request.url + "\n" + request.authorization.user + "\n" +
                    std::string(reinterpret_cast<char*>(digest), sizeof digest);
  for (const auto& [name, value] : request.headers) key += "\n" + name + ":" + value;
  return key;
}

awaitable<Result<Reply>> ForgeClient::send(Request request) {
  if (request.method != "GET" || request.secret_reply) {
    Result<Reply> reply = co_await send_politely(std::move(request));
    co_return reply;
  }
  const std::string key = key_of(request);
  if (const auto found = flights_.find(key); found != flights_.end()) {
    const std::shared_ptr<Flight> flight = found->second;
    while (!flight->reply) co_await flight->landed.wait();
    co_return *flight->reply;
  }
  const auto flight = std::make_shared<Flight>();
  flights_.emplace(key, flight);
  Result<Reply> reply = co_await send_once(std::move(request));
  flights_.erase(key);
  if (flight.use_count() > 1) {  // somebody else waits for it as well
    flight->reply = reply;
    flight->landed.notify();
  }
  co_return reply;
}

awaitable<Result<Reply>> ForgeClient::send_once(Request request) {
  std::string key = key_of(request);
  const auto known = std::find_if(remembered_.begin(), remembered_.end(),
                                  [&](const Remembered& entry) { return entry.key == key; });
  std::optional<Reply> before;
  if (known != remembered_.end()) {
    request.headers.emplace_back("If-None-Match", known->etag);
    before = known->reply;
  }
  Result<Reply> reply = co_await send_politely(std::move(request));
  if (!reply) co_return reply;
  if (reply->status == 304 && before) co_return *before;
  if (reply->status == 200) remember(std::move(key), *reply);
  co_return reply;
}

awaitable<Result<Reply>> ForgeClient::send_politely(Request request) {
  const std::string connection = request.connection;
  if (const auto quiet = quiet_until_.find(connection); quiet != quiet_until_.end() && !connection.empty()) {
    const auto left = std::chrono::ceil<seconds>(quiet->second - SteadyClock::now());
    if (left > kept_inside) co_return limited(left);
    if (left.count() > 0) {
      co_await sleep_for(left);
    } else {
      quiet_until_.erase(quiet);
    }
  }
  Request again{.method = request.method,
                .url = request.url,
                .headers = request.headers,
                .authorization = request.authorization,
                .form = {},
                .follow_within_origin = request.follow_within_origin,
                .connection = request.connection};
  const bool repeatable = request.method == "GET" && !request.secret_reply;
  Result<Reply> reply = co_await inner_.send(std::move(request));
  if (!reply) co_return reply;
  const auto pause = wanted_pause(*reply);
  if (!pause) co_return reply;
  if (!connection.empty()) quiet_until_[connection] = SteadyClock::now() + *pause;
  if (reply->status < 400) co_return reply;
  if (*pause > kept_inside || !repeatable) co_return limited(*pause);

  co_await sleep_for(*pause);
  Result<Reply> second = co_await inner_.send(std::move(again));
  if (!second) co_return second;
  if (const auto longer = wanted_pause(*second); longer && second->status >= 400) {
    const seconds wait = std::max(*longer, seconds(1));
    if (!connection.empty()) quiet_until_[connection] = SteadyClock::now() + wait;
    co_return limited(wait);
  }
  co_return second;
}

void ForgeClient::remember(std::string key, const Reply& reply) {
  const std::string_view etag = reply.header("etag");
  std::erase_if(remembered_, [&](const Remembered& entry) {
    if (entry.key != key) return false;
    remembered_size_ -= entry.size;
    return true;
  });
  const std::size_t size = reply.body.size() + key.size() + 512;
  if (etag.empty() || size > largest_remembered) return;
  remembered_.push_front({.key = std::move(key), .etag = std::string(etag), .reply = reply, .size = size});
  remembered_size_ += size;
  while (remembered_size_ > most_remembered) {
    remembered_size_ -= remembered_.back().size;
    remembered_.pop_back();
  }
}

}  // namespace forgelink::http
