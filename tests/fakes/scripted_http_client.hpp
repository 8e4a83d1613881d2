// An http::Client that answers from a script and remembers what it was asked: for tests of what asks forges.
//
//   client.on("https://api.github.com/user", json_reply(R"({"login": "octo-dev", "id": 1})"));
//
// The longest prefix of the address that was given an answer decides; several answers for one prefix are
// given in their order, the last again and again. An address without any gets a 404 with an empty JSON
// object.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "providers/http/http.hpp"

namespace forgelink {

inline http::Reply reply_of(unsigned status, std::string body,
                            std::map<std::string, std::string, std::less<>> headers = {}) {
  http::Reply reply{.status = status};
  reply.body = std::move(body);
  reply.headers = std::move(headers);
  return reply;
}

inline http::Reply json_reply(unsigned status, std::string body,
                              std::map<std::string, std::string, std::less<>> headers = {}) {
  headers.emplace("content-type", "application/json; charset=utf-8");
  return reply_of(status, std::move(body), std::move(headers));
}

inline http::Reply json_reply(std::string body,
                              std::map<std::string, std::string, std::less<>> headers = {}) {
  return json_reply(200, std::move(body), std::move(headers));
}

inline http::Reply html_reply(unsigned status, std::string body = "<html><title>Sign in</title></html>") {
  return reply_of(status, std::move(body), {{"content-type", "text/html"}});
}

class ScriptedHttpClient : public http::Client {
 public:
  void on(std::string url_prefix, Result<http::Reply> answer) {
    script_[std::move(url_prefix)].push_back(std::move(answer));
  }

  awaitable<Result<http::Reply>> send(http::Request request) override {
    std::deque<Result<http::Reply>>* answers = nullptr;
    std::size_t longest = 0;
    for (auto& [prefix, queue] : script_) {
      if (prefix.size() < longest || !request.url.starts_with(prefix)) continue;
      longest = prefix.size();
      answers = &queue;
    }
    asked_.push_back(std::move(request));
    if (answers == nullptr) co_return json_reply(404, "{}");
    Result<http::Reply> answer = answers->front();
    if (answers->size() > 1) answers->pop_front();
    co_return answer;
  }

  const std::vector<http::Request>& asked() const { return asked_; }
  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const http::Request& request : asked_) all.push_back(request.url);
    return all;
  }

 private:
  std::map<std::string, std::deque<Result<http::Reply>>> script_;
  std::vector<http::Request> asked_;
};

}  // namespace forgelink
