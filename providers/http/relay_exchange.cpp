// SPDX-License-Identifier: MIT
#include "providers/http/relay_exchange.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <cstring>

#include "base/text.hpp"
#include "base/url.hpp"
#include "providers/http/exchange.hpp"
#include "providers/http/relay_lines.hpp"
#include "providers/http/token_mask.hpp"

namespace forgelink::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t piece_size = 64 << 10, largest_checked_body = 1 << 20, most_drained = 4 << 20;

}  // namespace

// A client that is refused before it has said all is listened to for a while: else the reset of its
// connection would overtake the answer.
awaitable<> RelayExchange::drain() {
  std::string room(piece_size, '\0');
  boost::system::error_code failed;
  for (std::size_t drained = 0; drained < most_drained && !request_.is_done() && !failed;) {
    const std::size_t got = co_await read_body(request_, from_client_, room.data(), room.size(), failed);
    if (got == 0) break;
    drained += got;
  }
}

awaitable<bool> RelayExchange::reply(LocalReply said) {
  // A client that waits for "100 Continue" has not sent its body (RFC 9110 section 10.1.1).
  const bool waits = !request_.get()[beast_http::field::expect].empty();
  if (!waits) co_await drain();
  const bool again = request_.is_done() && request_.get().keep_alive();
  // git shows the person a refusal in plain text, and no other; the rest reads `message`, as of a forge.
  const bool to_git = request_.get()[beast_http::field::user_agent].starts_with("git/");
  const std::string sentence = "Forgelink: " + said.message;
  const std::string body =
      (to_git ? sentence : boost::json::serialize(boost::json::object{{"message", sentence}})) + "\n";
  std::string answer = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}; charset=utf-8\r\nContent-Length: {}\r\nConnection: {}\r\n\r\n",
      said.status, reason_of(said.status), to_git ? "text/plain" : "application/json", body.size(),
      again ? "keep-alive" : "close");
  if (request_.get().method() != beast_http::verb::head) answer += body;
  boost::system::error_code failed;
  co_await client_.write(answer, failed);
  co_return again && !failed;
}

awaitable<std::optional<LocalReply>> RelayExchange::read_whole_body(const Passage& passage,
                                                                    std::string& body) {
  std::string room(piece_size, '\0');
  while (!request_.is_done()) {
    const std::size_t got = co_await read_body(request_, from_client_, room.data(), room.size(), error_);
    if (error_) co_return LocalReply{400, "The request broke off."};
    if (got == 0) break;
    body.append(room, 0, got);
    if (body.size() > largest_checked_body)
      co_return LocalReply{413, "The request is too large to be looked at."};
  }
  co_return passage.check_body(body);
}

awaitable<> RelayExchange::send_request(const Passage& passage, const std::string* whole_body) {
  const auto origin = origin_of(passage.url);
  std::string wire;
  // A buffer that grows leaves the token behind.
  wire.reserve(2 * longest_head + (whole_body != nullptr ? whole_body->size() : 0));
  wire +=
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", std::string(request_.get().method_string()),
                  upstream_.whole_address ? passage.url : target_of_url(passage.url), origin->authority());
  for (const auto& [name, value] : passage.headers) wire += fmt::format("{}: {}\r\n", name, value);
  if (upstream_.whole_address && upstream_.proxy_credentials)
    wire.append("Proxy-Authorization: Basic ").append(upstream_.proxy_credentials->reveal()).append("\r\n");
  const auto length = request_.content_length();
  if (whole_body != nullptr) {
    wire += fmt::format("Content-Length: {}\r\n", whole_body->size());
  } else if (request_.chunked()) {
    upload_chunked_ = true;
    wire += "Transfer-Encoding: chunked\r\n";
  } else if (length) {
    wire += fmt::format("Content-Length: {}\r\n", *length);
  }
  std::string secret = authorization_line(passage.authorization);
  wire.append(secret).append("\r\n");
  if (whole_body != nullptr) wire += *whole_body;
  explicit_bzero(secret.data(), secret.size());
  co_await upstream_.stream->write(wire, error_);
  explicit_bzero(wire.data(), wire.size());
}

awaitable<> RelayExchange::upload(std::shared_ptr<Upload> state) {
  std::string room(piece_size, '\0');
  boost::system::error_code failed;
  while (!request_.is_done() && !failed) {
    const std::size_t got = co_await read_body(request_, from_client_, room.data(), room.size(), failed);
    if (failed || got == 0) break;
    const std::string_view bytes(room.data(), got);
    if (upload_chunked_) {
      const std::string chunk = chunk_of(bytes);
      co_await upstream_.stream->write(chunk, failed);
    } else {
      co_await upstream_.stream->write(bytes, failed);
    }
  }
  if (!failed && upload_chunked_) co_await upstream_.stream->write("0\r\n\r\n", failed);
  state->over = true;
  state->failed = failed.failed();
  // Half a request is none: the forge must not wait for the rest of it.
  if (state->failed && !request_.is_done()) upstream_.stream->close();
  state->ended.notify();
}

awaitable<> RelayExchange::send_response_head(const ResponseParser& response, const Passage& passage,
                                              bool chunked) {
  const auto& message = response.get();
  const bool hidden = passage.hides_challenge && message.result_int() == 401;
  const unsigned status = hidden ? 403 : message.result_int();
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", status, reason_of(status));
  const std::string connection(message[beast_http::field::connection]);
  std::optional<TokenMask> mask;
  if (passage.authorization.secret) mask.emplace(*passage.authorization.secret);
  for (const auto& field : message) {
    const std::string name(field.name_string());
    if (is_hop_by_hop(name, connection) || equal_ignoring_case(name, "set-cookie") ||
        (hidden && equal_ignoring_case(name, "www-authenticate")))
      continue;
    std::string value(field.value());
    if (passage.location && equal_ignoring_case(name, "location")) value = passage.location(value);
    if (mask) mask->mask(value);
    head += fmt::format("{}: {}\r\n", name, value);
  }
  if (chunked) head += "Transfer-Encoding: chunked\r\n";
  if (!chunked && response.content_length())
    head += fmt::format("Content-Length: {}\r\n", *response.content_length());
  head +=
      request_.get().keep_alive() && request_.get().version() == 11 ? "\r\n" : "Connection: close\r\n\r\n";
  co_await client_.write(head, error_);
}

awaitable<> RelayExchange::read_response_head(std::unique_ptr<ResponseParser>& response) {
  int interim = 0;
  do {
    response = std::make_unique<ResponseParser>();
    response->header_limit(longest_head);
    response->body_limit(boost::none);
    if (request_.get().method() == beast_http::verb::head) response->skip(true);
    co_await read_head(*response, *from_upstream_, error_);
    // Interim answers are between the forge and us; the client had its own.
  } while (!error_ && response->get().result_int() < 200 && ++interim <= most_interim);
  if (!error_ && response->get().result_int() < 200) error_ = beast_http::error::bad_status;
}

awaitable<> RelayExchange::pass_body(ResponseParser& response, const Passage& passage, bool chunked) {
  std::optional<TokenMask> mask;
  const std::string type(response.get()[beast_http::field::content_type]);
  if (passage.authorization.secret && is_text(type)) mask.emplace(*passage.authorization.secret);
  std::string room(piece_size, '\0');
  while (!error_) {
    const std::size_t got = co_await read_body(response, *from_upstream_, room.data(), room.size(), error_);
    if (error_) co_return;
    std::string masked;
    if (mask) masked = got > 0 ? mask->next({room.data(), got}) : mask->rest();
    const std::string_view bytes = mask ? std::string_view(masked) : std::string_view(room.data(), got);
    if (!bytes.empty() && chunked) {
      const std::string chunk = chunk_of(bytes);
      co_await client_.write(chunk, error_);
    } else if (!bytes.empty()) {
      co_await client_.write(bytes, error_);
    }
    if (got == 0) break;
  }
}

awaitable<bool> RelayExchange::download(const Passage& passage, std::shared_ptr<Upload> state) {
  std::unique_ptr<ResponseParser> response;
  co_await read_response_head(response);
  if (error_) co_return false;
  // HTTP/1.0 knows no chunks: there the end of the connection ends a body without a length.
  const bool old_client = request_.get().version() == 10;
  const bool has_body = !response->is_done();
  const bool chunked = has_body && !response->content_length() && !old_client;
  co_await send_response_head(*response, passage, chunked);
  if (has_body) co_await pass_body(*response, passage, chunked);
  if (!error_ && chunked) co_await client_.write("0\r\n\r\n", error_);
  co_return !error_ && state->over && !state->failed && request_.get().keep_alive() && !old_client;
}

awaitable<> RelayExchange::continue_if_expected() {
  if (request_.get()[beast_http::field::expect] != "100-continue" || request_.is_done()) co_return;
  co_await client_.write("HTTP/1.1 100 Continue\r\n\r\n", error_);
  request_.get().erase(beast_http::field::expect);
}

awaitable<bool> RelayExchange::pass(Passage passage, const OpenUpstream& open) {
  co_await continue_if_expected();
  if (error_) co_return false;
  std::string body;
  const bool whole = passage.check_body != nullptr;
  if (whole) {
    std::optional<LocalReply> refused = co_await read_whole_body(passage, body);
    if (refused) {
      const bool again = co_await reply(std::move(*refused));
      co_return again;
    }
  }
  awaitable<Result<Upstream>> opening = open(passage.url);
  Result<Upstream> upstream = co_await std::move(opening);
  if (!upstream) {
    LocalReply why{502, upstream.error().message};
    const bool again = co_await reply(std::move(why));
    co_return again;
  }
  upstream_ = std::move(*upstream);
  from_upstream_ = std::make_unique<Inbox>(*upstream_.stream);
  const std::string* whole_body = whole ? &body : nullptr;
  const bool again = co_await exchange(passage, whole_body);
  if (error_) spdlog::debug("a front's request broke off: {}", error_.message());
  co_return again;
}

// Sends the request to the forge that was opened; its body, unless it was read whole, while the answer comes.
awaitable<bool> RelayExchange::exchange(const Passage& passage, const std::string* whole_body) {
  co_await send_request(passage, whole_body);
  const auto state = std::make_shared<Upload>();
  if (error_ || whole_body != nullptr || request_.is_done()) {
    state->over = true;
  } else {
    const auto executor = co_await asio::this_coro::executor;
    spawn(executor, upload(state));
  }
  bool again = false;
  if (!error_) again = co_await download(passage, state);
  if (!state->over) {
    // The forge has answered without waiting for the rest.
    upstream_.stream->close();
    client_.close();
    while (!state->over) co_await state->ended.wait();
    again = false;
  }
  co_return again;
}

}  // namespace forgelink::http
