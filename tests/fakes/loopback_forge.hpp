// SPDX-License-Identifier: MIT
// A forge on a port of this machine that answers from a script, for what speaks through the real HTTP client.
// On the loop that it is given; the loop must outlive it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/text.hpp"

namespace forgelink {

class LoopbackForge {
 public:
  struct Asked {
    std::string method, target, head, body;
  };

  explicit LoopbackForge(const asio::any_io_executor& executor)
      : acceptor_(executor, {asio::ip::address_v4::loopback(), 0}) {
    spawn(executor, accept());
  }
  ~LoopbackForge() { acceptor_.close(); }
  LoopbackForge(const LoopbackForge&) = delete;

  std::string authority() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
  std::string url() const { return "http://" + authority(); }

  // The answer to the next question "METHOD TARGET" that holds `part`; the last one given for a part stays.
  // `more`: further header lines, each with its end.
  void on(const std::string& part, unsigned status, std::string body, const std::string& more = "") {
    script_[part].push_back("HTTP/1.1 " + std::to_string(status) +
                            " Said\r\nContent-Type: application/json\r\n" + more +
                            "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  void forget_script() { script_.clear(); }

  std::size_t count(std::string_view part) const {
    std::size_t count = 0;
    for (const Asked& one : asked)
      count += (one.method + " " + one.target).find(part) != std::string::npos ? 1 : 0;
    return count;
  }

  std::vector<Asked> asked;

 private:
  using Socket = std::shared_ptr<asio::ip::tcp::socket>;

  awaitable<> accept() {
    while (acceptor_.is_open()) {
      boost::system::error_code error;
      asio::ip::tcp::socket socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      spawn(acceptor_.get_executor(), serve(std::make_shared<asio::ip::tcp::socket>(std::move(socket))));
    }
  }

  awaitable<> serve(Socket socket) {
    std::string buffer;
    while (true) {
      boost::system::error_code error;
      const std::size_t head =
          co_await asio::async_read_until(*socket, asio::dynamic_buffer(buffer), "\r\n\r\n",
                                          asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      const std::size_t whole = head + body_size(lower_case(buffer.substr(0, head)));
      if (buffer.size() < whole) {
        const std::size_t had = buffer.size();
        buffer.resize(whole);
        co_await asio::async_read(*socket, asio::buffer(buffer.data() + had, whole - had),
                                  asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
      }
      const std::string answer = answer_to(buffer.substr(0, head), buffer.substr(head, whole - head));
      buffer.erase(0, whole);
      co_await asio::async_write(*socket, asio::buffer(answer),
                                 asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
    }
  }

  static std::size_t body_size(const std::string& head) {
    constexpr std::string_view name = "\r\ncontent-length:";
    const auto at = head.find(name);
    if (at == std::string::npos) return 0;
    const auto begin = head.find_first_not_of(' ', at + name.size());
    std::size_t size = 0;
    std::from_chars(head.data() + begin, head.data() + head.size(), size);
    return size;
  }

  std::string answer_to(const std::string& head, std::string body) {
    const auto first = head.find(' '), second = head.find(' ', first + 1);
    Asked one{.method = head.substr(0, first),
              .target = head.substr(first + 1, second - first - 1),
              .head = head,
              .body = std::move(body)};
    const std::string question = one.method + " " + one.target;
    asked.push_back(std::move(one));
    for (auto& [part, answers] : script_) {
      if (question.find(part) == std::string::npos) continue;
      std::string answer = answers.front();
      if (answers.size() > 1) answers.erase(answers.begin());
      return answer;
    }
    return "HTTP/1.1 500 Not in the script\r\nContent-Length: 0\r\n\r\n";
  }

  // Longer parts first, so that the more exact one answers.
  struct Longer {
    bool operator()(const std::string& a, const std::string& b) const {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    }
  };

  asio::ip::tcp::acceptor acceptor_;
  std::map<std::string, std::vector<std::string>, Longer> script_;
};

}  // namespace forgelink
