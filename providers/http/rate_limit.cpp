// SPDX-License-Identifier: MIT
#include "providers/http/rate_limit.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <ctime>
#include <limits>

#include "base/clock.hpp"

namespace forgelink::http {
namespace {

using std::chrono::seconds;

constexpr seconds unsaid{60};
constexpr seconds longest{3600 * 24};

// A number that no integer holds is taken for the largest or smallest one.
std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc::result_out_of_range)
    return text.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                 : std::numeric_limits<std::int64_t>::max();
  if (failed != std::errc()) return std::nullopt;
  return value;
}

seconds clamped(std::int64_t count) {
  return std::clamp(seconds(std::clamp<std::int64_t>(count, 0, longest.count())), seconds(0), longest);
}

// How far ahead a point of time lies (seconds since 1970); negative if it is past. No sum can overflow: a
// time beyond `longest` counts as that.
std::int64_t seconds_until(std::int64_t point) {
  const std::int64_t now = std::time(nullptr);
  return std::clamp<std::int64_t>(point, now - longest.count(), now + longest.count()) - now;
}

// Retry-After: seconds, or a date (RFC 9110 section 10.2.3).
std::optional<seconds> retry_after(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (const auto count = number(text)) return clamped(*count);
  std::tm date{};
  if (strptime(std::string(text).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
  return clamped(seconds_until(timegm(&date)));
}

}  // namespace

std::optional<seconds> wanted_pause(const Reply& reply) {
  const auto asked = retry_after(reply.header("retry-after"));
  // Azure DevOps slows its clients down with a Retry-After on an answer that is otherwise good.
  if (reply.status < 400) return asked && asked->count() > 0 ? asked : std::nullopt;
  const bool out_of_requests = reply.header("x-ratelimit-remaining") == "0";
  // GitHub's limits come with a 403 as well (docs.github.com, "Rate limits for the REST API").
  const auto says = [&](std::string_view words) { return reply.body.find(words) != std::string::npos; };
  const bool secondary = reply.status == 403 && (asked || says("secondary rate limit") ||
                                                 says("API rate limit exceeded") || says("login attempts"));
  const bool away = reply.status == 503 && asked;  // RFC 9110 section 10.2.3
  if (reply.status != 429 && !(reply.status == 403 && out_of_requests) && !secondary && !away)
    return std::nullopt;
  if (asked) return asked;
  for (const char* name : {"x-ratelimit-reset", "ratelimit-reset"}) {
    const auto reset = number(reply.header(name));
    // GitHub's secondary limit comes with the reset of the primary one, which says nothing of it
    // (docs/forges.md 3.7).
    if (!reset || (reply.status == 403 && !out_of_requests)) continue;
    const std::int64_t wait = seconds_until(*reset);
    if (wait >= 0) return clamped(wait + 1);
  }
  return unsaid;
}

Error rate_limited(std::string_view forge, seconds wait) {
  const Time until = std::chrono::floor<seconds>(std::chrono::system_clock::now()) + wait;
  return {.code = Errc::rate_limited,
          .message = fmt::format("Rate limited by {}; retry in {} s.", forge, wait.count()),
          .hint = fmt::format("Nothing is sent to it for this connection before {}.", rfc3339(until)),
          .retry_after = wait};
}

}  // namespace forgelink::http
