// SPDX-License-Identifier: MIT
#include "daemon/front/front.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>

#include "base/url.hpp"
#include "daemon/model/connection_rules.hpp"

namespace forgelink {
namespace {

using http::LocalReply;

Secret random_secret() {
  constexpr std::size_t size = 43;  // letters of 64: 258 bits
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return Secret::of_size(size, [&](char* into) {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got = getrandom(into + done, size - done, 0);
      if (got > 0) done += static_cast<std::size_t>(got);
    }
    for (std::size_t i = 0; i < size; ++i)
      // 64 divides 256, so all letters are equally likely.
      into[i] = letters[static_cast<unsigned char>(into[i]) % letters.size()];
  });
}

LocalReply reply_to(const Error& error) {
  const std::string sentence = error.hint.empty() ? error.message : error.message + " " + error.hint;
  const bool later = error.code == Errc::locked || error.code == Errc::keyring_locked ||
                     error.code == Errc::keyring_unavailable;
  return {later ? 503u : 403u, sentence};
}

Error cannot_listen(const std::string& why) {
  return {.code = Errc::internal, .message = "The front could not be opened: " + why + "."};
}

}  // namespace

Front::Front(asio::any_io_executor executor, Services services, ConnectionId connection, FrontRules rules,
             Asker asker, bool agreed)
    : executor_(std::move(executor)),
      services_(services),
      connection_(connection),
      rules_(std::move(rules)),
      asker_(std::move(asker)),
      secret_(random_secret()),
      local_(executor_),
      tcp_(executor_),
      agreed_(agreed) {}

Result<> Front::listen(const std::filesystem::path& socket) {
  if (socket.native().size() >= sizeof(sockaddr_un::sun_path))
    return cannot_listen("the path of its socket is too long");
  boost::system::error_code error;
  local_.open(asio::local::stream_protocol(), error);
  const mode_t mask = umask(0177);  // 0600 from the first moment on
  if (!error) local_.bind(asio::local::stream_protocol::endpoint(socket.string()), error);
  umask(mask);
  if (!error) local_.listen(128, error);
  if (!error) socket_ = socket;
  if (!error) tcp_.open(asio::ip::tcp::v4(), error);
  if (!error) tcp_.bind({asio::ip::address_v4::loopback(), 0}, error);
  if (!error) tcp_.listen(128, error);
  if (error) {
    close();
    return cannot_listen(error.message());
  }
  port_ = tcp_.local_endpoint().port();
  spawn(executor_, accept_local());
  spawn(executor_, accept_tcp());
  return {};
}

void Front::close() {
  if (std::exchange(closed_, true)) return;
  boost::system::error_code ignored;
  local_.close(ignored);
  tcp_.close(ignored);
  std::error_code gone;
  if (!socket_.empty()) std::filesystem::remove(socket_, gone);
  for (const auto& client : clients_) client->close();
  client_left_.notify();
}

awaitable<> Front::accept_local() {
  const auto keep = shared_from_this();
  while (!closed_) {
    // Others wait in the kernel's queue.
    while (clients_.size() >= most_clients && !closed_) co_await client_left_.wait();
    asio::local::stream_protocol::socket socket(executor_);
    boost::system::error_code error;
    co_await local_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (closed_) co_return;
    if (error) {
      // For want of descriptors the same error would come again at once.
      co_await sleep_for(Milliseconds(100));
      continue;
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool own = getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
                     peer.uid == geteuid();
    if (!own) continue;
    asio::generic::stream_protocol::socket any(std::move(socket));
    spawn(executor_, serve(http::stream_of(std::move(any)), false));
  }
}

awaitable<> Front::accept_tcp() {
  const auto keep = shared_from_this();
  while (!closed_) {
    while (clients_.size() >= most_clients && !closed_) co_await client_left_.wait();
    asio::ip::tcp::socket socket(executor_);
    boost::system::error_code error;
    co_await tcp_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (closed_) co_return;
    if (error) {
      co_await sleep_for(Milliseconds(100));
      continue;
    }
    // TCP does not tell whose the peer is: the secret with each request stands in for that (knows_secret()).
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    asio::generic::stream_protocol::socket any(std::move(socket));
    spawn(executor_, serve(http::stream_of(std::move(any)), true));
  }
}

awaitable<> Front::serve(std::shared_ptr<http::ByteStream> client, bool by_port) {
  const auto keep = shared_from_this();
  clients_.insert(client);
  const http::Decide decide_here = [this, by_port](http::RequestHead head) {
    return decide(std::move(head), by_port);
  };
  const http::OpenUpstream open_here = [this](std::string url) {
    return services_.client.open(std::move(url));
  };
  co_await http::relay_requests(*client, decide_here, open_here);
  clients_.erase(client);
  client_left_.notify();
}

bool Front::knows_secret(const http::RequestHead& head) const {
  // glab has no other header to set.
  return secret_.equals(head.header(secret_header)) || secret_.equals(head.header("PRIVATE-TOKEN"));
}

Result<FrontPlaces> Front::places(const SharedSecret& token) const {
  const Connection* connection = services_.registry.find(connection_);
  if (connection == nullptr) return connection_gone();
  const Provider& provider = *find_provider(connection->type);
  const Target target = target_of(*connection, services_.settings.endpoints, token);
  FrontPlaces places{.git_roots = provider.git_roots(target),
                     .client_host = std::string(provider.api.client_host),
                     .port_authority = fmt::format("127.0.0.1:{}", port_),
                     .api = &provider.api};
  if (provider.api.root != nullptr) places.api_root = provider.api.root(target);
  if (provider.api.graphql != nullptr) places.graphql = provider.api.graphql(target);
  return places;
}

awaitable<http::Decision> Front::decide(http::RequestHead head, bool by_port) {
  if (closed_) co_return LocalReply{403, "this front has ended."};
  if (by_port && !knows_secret(head)) co_return LocalReply{403, "this port is for another command."};
  // Without the token: it is read only after the request has been found allowed.
  Result<FrontPlaces> known = places(nullptr);
  if (!known) co_return reply_to(known.error());
  const FrontRequest asked{.method = head.method,
                           .host = std::string(head.header("Host")),
                           .target = head.target,
                           .by_port = by_port};
  auto route = route_of(asked, *known, rules_);
  AccessRequest access{
      .connection = connection_, .action = AccessAction::run, .asker = asker_, .agreed = agreed_};
  if (const auto* refused = std::get_if<LocalReply>(&route)) {
    access.path =
        // Without the query: this goes into the log, and a query may hold a token.
        head.method + " " + head.target.substr(0, std::min<std::size_t>(head.target.find('?'), 200));
    services_.gate.note(access, AccessOutcome::denied);
    co_return *refused;
  }
  const FrontRoute& to = std::get<FrontRoute>(route);
  access.host = to.host;
  access.path = to.path;
  const bool asks = services_.gate.asks(connection_);
  Result<SharedSecret> token = co_await services_.gate.token(std::move(access), Prompt::never);
  if (!token) co_return reply_to(token.error());
  agreed_ = agreed_ || asks;  // a yes to one request is the yes to the command
  // Looked up again: the token may have taken its time, and a person's answer.
  const Connection* connection = services_.registry.find(connection_);
  if (connection == nullptr) co_return reply_to(connection_gone());
  if (to.is_git)
    services_.registry.note_use(connection_, to.path,
                                std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  co_return passage_for(head, to, *connection, *token, by_port);
}

http::Passage Front::passage_for(const http::RequestHead& head, const FrontRoute& route,
                                 const Connection& connection, SharedSecret token, bool by_port) const {
  const Provider& provider = *find_provider(connection.type);
  const Target target = target_of(connection, services_.settings.endpoints, token);
  http::Passage passage{.url = route.url, .hides_challenge = route.is_git};
  for (const auto& header : head.headers) {
    const bool own = equal_ignoring_case(header.first, secret_header);
    if (!own && is_passed_on(header.first)) passage.headers.push_back(header);
  }
  if (route.is_git) {
    const GitLogin login = provider.git_login(target);
    using Scheme = http::Authorization::Scheme;
    passage.authorization = {.scheme = login.bearer_only ? Scheme::bearer : Scheme::basic,
                             .user = login.username,
                             .secret = std::move(token)};
  } else {
    http::Request question = provider.api.request(target, route.url);
    passage.authorization = std::move(question.authorization);
    for (auto& [name, value] : question.headers) {
      // What the command says itself, as its Accept, goes before our usual.
      if (head.header(name).empty()) passage.headers.emplace_back(name, std::move(value));
    }
  }
  if (route.checks_lfs)
    passage.check_body = [](std::string_view body) -> std::optional<LocalReply> {
      if (asks_for_download(body)) return std::nullopt;
      return LocalReply{403, "this front is read-only."};
    };
  if (by_port) {
    // A redirect within the forge comes back through the port; another is the client's own affair.
    passage.location = [roots = provider.git_roots(target),
                        base = fmt::format("http://127.0.0.1:{}/", port_)](std::string_view location) {
      const auto to = origin_of(location);
      for (const std::string& root : roots) {
        const auto origin = origin_of(root);
        if (to && origin && *to == *origin)
          return base + origin->authority() +
                 std::string(location.substr(location.find('/', location.find("://") + 3)));
      }
      return std::string(location);
    };
  }
  return passage;
}

}  // namespace forgelink
