// SPDX-License-Identifier: MIT
#include "providers/http/forge_client.hpp"

#include <algorithm>

#include "base/url.hpp"
#include "providers/http/rate_limit.hpp"
#include "providers/http/sanitizer.hpp"
#include "providers/http/token_digest.hpp"

namespace forgelink::http {
namespace {

using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr seconds waited_inside{5};

// Whose request it is counts: a hash tells two tokens apart without keeping them.
std::string key_of(const Request& request) {
  std::string key = request.url + "\n" + request.authorization.user + "\n";
  if (request.authorization.secret) key += digest_of(*request.authorization.secret);
  for (const auto& [name, value] : request.headers) key += "\n" + name + ":" + value;
  return key;
}

// What a rate limit holds for: the connection, and the token at that server, which another connection may
// have as well, and which is asked about before it belongs to one. A pair that is renewed, and a device code
// that is polled for, are tokens too.
std::vector<std::string> subjects_of(const Request& request) {
  std::vector<std::string> subjects;
  if (!request.connection.empty()) subjects.push_back(request.connection);
  const auto origin = origin_of(request.url);
  if (!origin) return subjects;
  const auto add = [&](const Secret& token) { subjects.push_back(origin->text() + "\n" + digest_of(token)); };
  if (request.authorization.secret) add(*request.authorization.secret);
  for (const auto& [name, value] : request.form.secret) {
    if (name == "refresh_token" || name == "device_code" || name == "code") add(value);
  }
  return subjects;
}

// For GET alone: forms and bodies hold secrets, which are not copied.
Request copy_of(const Request& request) {
  return {.method = request.method,
          .url = request.url,
          .headers = request.headers,
          .authorization = request.authorization,
          .form = {},
          .follow_within_origin = request.follow_within_origin,
          .sign_in_path = request.sign_in_path,
          .connection = request.connection};
}

std::string host_of(const Request& request) {
  const auto origin = origin_of(request.url);
  return origin ? origin->authority() : "the forge";
}

}  // namespace

awaitable<Result<Reply>> ForgeClient::send(Request request) {
  if (request.method != "GET" || request.secret_reply || !request.body.empty()) {
    Result<Reply> reply = co_await send_with_backoff(std::move(request));
    co_return reply;
  }
  std::string key = key_of(request);
  awaitable<Result<Reply>> work = send_revalidated(std::move(request), key);
  Result<Reply> reply = co_await flights_.run(std::move(key), std::move(work));
  co_return reply;
}

awaitable<Result<Reply>> ForgeClient::send_revalidated(Request request, std::string key) {
  const std::string etag = cache_.etag(key, SteadyClock::now());
  Request again = copy_of(request);
  if (!etag.empty()) request.headers.emplace_back("If-None-Match", etag);
  std::string connection = request.connection;
  Result<Reply> reply = co_await send_with_backoff(std::move(request));
  if (reply && reply->status == 304) {
    if (auto known = cache_.unchanged(key, *reply)) co_return *std::move(known);
    // Dropped while the forge thought about it: ask for all of it.
    reply = co_await send_with_backoff(std::move(again));
  }
  if (reply && reply->status == 200)
    cache_.keep(std::move(key), std::move(connection), *reply, SteadyClock::now());
  co_return reply;
}

Milliseconds ForgeClient::backoff_left(const std::vector<std::string>& subjects) {
  const auto now = SteadyClock::now();
  Milliseconds left{0};
  for (const std::string& subject : subjects) {
    const auto found = backoff_until_.find(subject);
    if (found == backoff_until_.end()) continue;
    if (found->second <= now) {
      backoff_until_.erase(found);
    } else {
      left = std::max(left, std::chrono::ceil<Milliseconds>(found->second - now));
    }
  }
  return left;
}

void ForgeClient::back_off(const std::vector<std::string>& subjects, Milliseconds pause) {
  const auto now = SteadyClock::now();
  std::erase_if(backoff_until_, [now](const auto& entry) { return entry.second <= now; });
  for (const std::string& subject : subjects) {
    auto& until = backoff_until_[subject];
    until = std::max(until, now + pause);
  }
}

awaitable<Result<Reply>> ForgeClient::send_with_backoff(Request request) {
  const std::vector<std::string> subjects = subjects_of(request);
  const std::string host = host_of(request);
  const bool repeatable = request.method == "GET" && !request.secret_reply && request.body.empty();
  const SharedSecret token = request.authorization.secret;
  const bool readable = !request.secret_reply;
  Milliseconds waited{0};
  while (true) {
    // Looked at again after each wait: whoever went first may have been told to wait longer.
    for (Milliseconds left = backoff_left(subjects); left.count() > 0; left = backoff_left(subjects)) {
      waited += left;
      if (waited > waited_inside) co_return rate_limited(host, std::chrono::ceil<seconds>(left));
      co_await sleep_for(left);
    }
    Request once = repeatable ? copy_of(request) : std::move(request);
    Result<Reply> reply = co_await inner_.send(std::move(once));
    if (!reply) co_return reply;
    if (token && readable) Sanitizer(token->reveal()).clean(*reply);
    const auto pause = wanted_pause(*reply);
    if (!pause) co_return reply;
    // A refusal with `Retry-After: 0` would be repeated without an end.
    const seconds wait = std::max(*pause, seconds(reply->status < 400 ? 0 : 1));
    back_off(subjects, wait);
    if (reply->status < 400) co_return reply;
    if (!repeatable || waited + wait > waited_inside) co_return rate_limited(host, wait);
    // The wait for a subject is at the top of the loop; without one nothing is noted, and it is here.
    if (!subjects.empty()) continue;
    waited += wait;
    co_await sleep_for(wait);
  }
}

void ForgeClient::forget(const std::string& connection) {
  backoff_until_.erase(connection);
  cache_.forget(connection);
}

}  // namespace forgelink::http
