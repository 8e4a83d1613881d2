// SPDX-License-Identifier: MIT
#include "providers/http/relay.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstring>

#include "base/text.hpp"
#include "base/url.hpp"
#include "providers/http/basic.hpp"
#include "providers/http/body_reader.hpp"
#include "providers/http/token_mask.hpp"

namespace forgelink::http {
namespace {

namespace beast_http = boost::beast::http;
using RequestParser = beast_http::request_parser<beast_http::buffer_body>;
using ResponseParser = beast_http::response_parser<beast_http::buffer_body>;

constexpr std::uint32_t longest_head = 64 << 10;
constexpr std::size_t piece_size = 64 << 10, largest_checked_body = 1 << 20, most_drained = 4 << 20;

std::string chunk_of(std::string_view bytes) {
  std::string chunk = fmt::format("{:x}\r\n", bytes.size());
  chunk.reserve(chunk.size() + bytes.size() + 2);
  chunk.append(bytes).append("\r\n");
  return chunk;
}

// Of the connection alone (RFC 9110 section 7.6.1), or written anew here.
bool is_hop_by_hop(std::string_view name, std::string_view connection) {
  constexpr std::string_view names[] = {"connection", "keep-alive",     "proxy-connection",
                                        "te",         "trailer",        "transfer-encoding",
                                        "upgrade",    "content-length", "expect"};
  const std::string lower = lower_case(name);
  return std::find(std::begin(names), std::end(names), lower) != std::end(names) ||
         lower_case(connection).find(lower) != std::string::npos;
}

bool is_text(std::string_view type) {
  const std::string lower = lower_case(type);
  return lower.starts_with("text/") || lower.find("json") != std::string::npos ||
         lower.find("xml") != std::string::npos || lower.find("javascript") != std::string::npos;
}

// Wiped after use: it holds the token.
std::string authorization_line(const Authorization& authorization) {
  using Scheme = Authorization::Scheme;
  if (authorization.scheme == Scheme::none || !authorization.secret) return "";
  const std::string_view token = authorization.secret->reveal();
  std::string line;
  line.reserve(token.size() * 2 + authorization.user.size() * 2 + 64);
  if (authorization.scheme == Scheme::bearer) line.append("Authorization: Bearer ").append(token);
  if (authorization.scheme == Scheme::private_token) line.append("PRIVATE-TOKEN: ").append(token);
  if (authorization.scheme == Scheme::basic)
    line.append("Authorization: Basic ").append(basic_credentials(authorization.user, token).reveal());
  return line.append("\r\n");
}

std::string target_of_url(std::string_view url) {
  const auto begin = url.find_first_of("/?", url.find("://") + 3);
  if (begin == std::string_view::npos) return "/";
  const std::string target(url.substr(begin));
  return target.front() == '/' ? target : "/" + target;
}

std::string_view reason_of(unsigned status) {
  const auto reason = beast_http::obsolete_reason(static_cast<beast_http::status>(status));
  return {reason.data(), reason.size()};
}

RequestHead head_of(const RequestParser& parser) {
  const auto& message = parser.get();
  RequestHead head{.method = std::string(message.method_string()),
                   .target = std::string(message.target()),
                   .has_body = !parser.is_done()};
  for (const auto& field : message) head.headers.emplace_back(field.name_string(), field.value());
  return head;
}

// One request and its answer, which may be under way in both directions at once.
class Exchange {
 public:
  Exchange(ByteStream& client, Inbox& client_inbox, RequestParser& request)
      : client_(client), from_client_(client_inbox), request_(request) {}

  // True if the client's connection may be used for another request.
  awaitable<bool> pass(Passage passage, const OpenUpstream& open);
  awaitable<bool> reply(LocalReply said);

 private:
  struct Upload {
    bool over = false, failed = false;
    Signal ended;
  };

  awaitable<std::optional<LocalReply>> read_whole_body(const Passage& passage, std::string& body);
  awaitable<> send_request(const Passage& passage, const std::string* whole_body);
  awaitable<> upload(std::shared_ptr<Upload> state);
  awaitable<bool> download(const Passage& passage, std::shared_ptr<Upload> state);
  awaitable<> send_response_head(const ResponseParser& response, const Passage& passage, bool chunked);
  awaitable<> drain();

  ByteStream& client_;
  Inbox& from_client_;
  RequestParser& request_;
  Upstream upstream_;
  std::unique_ptr<Inbox> from_upstream_;
  boost::system::error_code error_;
  bool upload_chunked_ = false;
};

// A client that is refused before it has said all is listened to for a while: else the reset of its
// connection would overtake the answer.
awaitable<> Exchange::drain() {
  std::string room(piece_size, '\0');
  boost::system::error_code failed;
  for (std::size_t drained = 0; drained < most_drained && !request_.is_done() && !failed;) {
    const std::size_t got = co_await read_body(request_, from_client_, room.data(), room.size(), failed);
    if (got == 0) break;
    drained += got;
  }
}

awaitable<bool> Exchange::reply(LocalReply said) {
  const bool waits = !request_.get()[beast_http::field::expect].empty();
  if (!waits) co_await drain();
  const bool again = request_.is_done() && request_.get().keep_alive();
  const std::string body =
      boost::json::serialize(boost::json::object{{"message", "Forgelink: " + said.message}}) + "\n";
  std::string answer = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: "
      "{}\r\n\r\n",
      said.status, reason_of(said.status), body.size(), again ? "keep-alive" : "close");
  if (request_.get().method() != beast_http::verb::head) answer += body;
  boost::system::error_code failed;
  co_await client_.write(answer, failed);
  co_return again && !failed;
}

awaitable<std::optional<LocalReply>> Exchange::read_whole_body(const Passage& passage, std::string& body) {
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

awaitable<> Exchange::send_request(const Passage& passage, const std::string* whole_body) {
  const auto origin = origin_of(passage.url);
  std::string wire;
  wire.reserve(8192);  // the token must not be left behind by a growing buffer
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

awaitable<> Exchange::upload(std::shared_ptr<Upload> state) {
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

awaitable<> Exchange::send_response_head(const ResponseParser& response, const Passage& passage,
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

awaitable<bool> Exchange::download(const Passage& passage, std::shared_ptr<Upload> state) {
  auto response = std::make_unique<ResponseParser>();
  while (true) {
    response->header_limit(longest_head);
    response->body_limit(boost::none);
    if (request_.get().method() == beast_http::verb::head) response->skip(true);
    co_await read_head(*response, *from_upstream_, error_);
    if (error_) co_return false;
    // Interim answers are between the forge and us; the client had its own.
    if (response->get().result_int() >= 200) break;
    response = std::make_unique<ResponseParser>();
  }
  const bool old_client = request_.get().version() == 10;
  const bool has_body = !response->is_done();
  const bool chunked = has_body && !response->content_length() && !old_client;
  co_await send_response_head(*response, passage, chunked);
  std::optional<TokenMask> mask;
  const std::string type(response->get()[beast_http::field::content_type]);
  if (passage.authorization.secret && is_text(type)) mask.emplace(*passage.authorization.secret);
  std::string room(piece_size, '\0');
  while (!error_ && has_body) {
    const std::size_t got = co_await read_body(*response, *from_upstream_, room.data(), room.size(), error_);
    if (error_) co_return false;
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
  if (!error_ && chunked) co_await client_.write("0\r\n\r\n", error_);
  co_return !error_ && state->over && !state->failed && request_.get().keep_alive() && !old_client;
}

awaitable<bool> Exchange::pass(Passage passage, const OpenUpstream& open) {
  std::string body;
  const bool whole = passage.check_body != nullptr;
  if (request_.get()[beast_http::field::expect] == "100-continue" && !request_.is_done()) {
    co_await client_.write("HTTP/1.1 100 Continue\r\n\r\n", error_);
    request_.get().erase(beast_http::field::expect);
    if (error_) co_return false;
  }
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
  co_await send_request(passage, whole ? &body : nullptr);
  const auto state = std::make_shared<Upload>();
  if (whole || request_.is_done()) {
    state->over = true;
  } else if (!error_) {
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
  if (error_) spdlog::debug("a front's request broke off: {}", error_.message());
  co_return again;
}

}  // namespace

std::string_view RequestHead::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return "";
}

awaitable<> relay_requests(ByteStream& client, const Decide& decide, const OpenUpstream& open) {
  Inbox inbox(client);
  bool again = true;
  while (again) {
    auto request = std::make_unique<RequestParser>();
    request->header_limit(longest_head);
    request->body_limit(boost::none);
    boost::system::error_code error;
    co_await read_head(*request, inbox, error);
    if (error && error.category() == beast_http::make_error_code(beast_http::error::bad_value).category() &&
        error != beast_http::error::end_of_stream && error != beast_http::error::partial_message) {
      boost::system::error_code ignored;
      co_await client.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                            ignored);
    }
    if (error) break;
    Exchange exchange(client, inbox, *request);
    RequestHead head = head_of(*request);
    awaitable<Decision> deciding = decide(std::move(head));
    Decision decision = co_await std::move(deciding);
    if (auto* refused = std::get_if<LocalReply>(&decision)) {
      LocalReply said = std::move(*refused);
      again = co_await exchange.reply(std::move(said));
    } else {
      Passage passage = std::move(std::get<Passage>(decision));
      again = co_await exchange.pass(std::move(passage), open);
    }
  }
  client.close();
}

}  // namespace forgelink::http
