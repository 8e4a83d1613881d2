// SPDX-License-Identifier: MIT
// A forge made of the fuzzer's bytes: gives out the replies in the input, one after the other.
//
// A reply: two bytes of status, a line of headers joined by \x01 as "name:value", and a body up to \x02.
#pragma once

#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>

#include "base/url.hpp"
#include "providers/http/http.hpp"

namespace forgelink {

[[noreturn]] inline void wrong(std::string_view what) {
  std::cerr << what << "\n";
  std::abort();
}

class FuzzedClient : public http::Client {
 public:
  FuzzedClient(std::string_view input, std::vector<Origin> allowed)
      : input_(input), allowed_(std::move(allowed)) {}

  awaitable<Result<http::Reply>> send(http::Request request) override {
    const auto origin = origin_of(request.url);
    if (!origin || std::find(allowed_.begin(), allowed_.end(), *origin) == allowed_.end())
      wrong("asked another origin");
    if (input_.size() < 2 || ++asked_ > 40) {
      co_return Error{.code = Errc::forge_unreachable, .message = "No more replies."};
    }
    http::Reply reply{.status = status_of(take(2))};
    read_headers(take_to('\n'), reply);
    const std::string_view body = take_to('\x02');
    if (request.secret_reply) {
      reply.secret_body = std::make_shared<const Secret>(body);
    } else {
      reply.body = std::string(body);
    }
    co_return reply;
  }

 private:
  static unsigned status_of(std::string_view bytes) {
    static constexpr unsigned common[] = {200, 200, 200, 200, 203, 301, 302, 400,
                                          401, 403, 404, 409, 410, 422, 429, 500};
    const auto first = static_cast<unsigned char>(bytes[0]);
    return first < 0xf0 ? common[first % 16] : 100 + static_cast<unsigned char>(bytes[1]) * 2;
  }
  static void read_headers(std::string_view line, http::Reply& reply) {
    reply.headers["content-type"] = "application/json";
    while (!line.empty()) {
      const auto end = line.find('\x01');
      const std::string_view field = line.substr(0, end);
      line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
      const auto colon = field.find(':');
      if (colon == std::string_view::npos) continue;
      reply.headers[std::string(field.substr(0, colon))] = std::string(field.substr(colon + 1));
    }
  }
  std::string_view take(std::size_t count) {
    const std::string_view taken = input_.substr(0, count);
    input_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view take_to(char end) {
    const auto at = input_.find(end);
    const std::string_view taken = input_.substr(0, at);
    input_.remove_prefix(at == std::string_view::npos ? input_.size() : at + 1);
    return taken;
  }

  std::string_view input_;
  std::vector<Origin> allowed_;
  int asked_ = 0;
};

// An error says something, in UTF-8, and holds no secret.
inline void check_error(const Error& error, std::string_view secret) {
  boost::json::object all = error.details;
  all["message"] = error.message + error.hint + error.url;
  const std::string text = boost::json::serialize(all);
  if (text.find(secret) != std::string::npos) wrong("a secret is in an error");
  boost::system::error_code bad;
  static_cast<void>(boost::json::parse(text, bad));
  if (bad) wrong("an error is not UTF-8");
  if (error.message.empty()) wrong("an error says nothing");
}

}  // namespace forgelink
