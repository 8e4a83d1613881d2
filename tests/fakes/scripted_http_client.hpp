// SPDX-License-Identifier: MIT
// Answers from a script instead of a network, and remembers what was asked.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "providers/http/http.hpp"

namespace forgelink {

class ScriptedHttpClient : public http::Client {
 public:
  struct Asked {
    std::string method, url, user, token;
    http::Authorization::Scheme scheme;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string connection;
    bool follow_within_origin = false;
    std::map<std::string, std::string> form;  // secrets included
    std::string sign_in_path = {};
  };

  // The reply to the next question whose address holds `part`; the last one given for a part stays.
  void on(std::string part, unsigned status, std::string body,
          std::map<std::string, std::string, std::less<>> headers = {}) {
    headers.try_emplace("content-type", "application/json");
    on(std::move(part),
       http::Reply{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  void on(std::string part, Result<http::Reply> answer) {
    script_[std::move(part)].push_back(std::move(answer));
  }

  awaitable<Result<http::Reply>> send(http::Request request) override {
    std::map<std::string, std::string> form;
    for (const auto& [name, value] : request.form.open) form[name] = value;
    for (const auto& [name, value] : request.form.secret) form[name] = std::string(value.reveal());
    asked.push_back(
        {.method = request.method,
         .url = request.url,
         .user = request.authorization.user,
         .token = request.authorization.secret ? std::string(request.authorization.secret->reveal()) : "",
         .scheme = request.authorization.scheme,
         .headers = request.headers,
         .connection = request.connection,
         .follow_within_origin = request.follow_within_origin,
         .form = std::move(form),
         .sign_in_path = request.sign_in_path});
    for (auto& [part, replies] : script_) {
      if (request.url.find(part) == std::string::npos) continue;
      Result<http::Reply> reply = replies.front();
      if (replies.size() > 1) replies.erase(replies.begin());
      if (reply && request.secret_reply) reply->secret_body = std::make_shared<const Secret>(reply->body);
      co_return reply;
    }
    co_return Error{.code = Errc::forge_unreachable, .message = "Nothing in the script for " + request.url};
  }

  std::vector<Asked> asked;
  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const Asked& one : asked) all.push_back(one.url);
    return all;
  }

 private:
  // Longer parts first, so that the more exact one answers.
  struct Longer {
    bool operator()(const std::string& a, const std::string& b) const {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    }
  };
  std::map<std::string, std::vector<Result<http::Reply>>, Longer> script_;
};

}  // namespace forgelink
