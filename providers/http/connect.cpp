// SPDX-License-Identifier: MIT
#include "providers/http/connect.hpp"

#include <fmt/format.h>

#include <deque>

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink::http {
namespace {

using tcp = asio::ip::tcp;
using SteadyClock = std::chrono::steady_clock;

// RFC 8305 section 5: the next address gets its chance after this long.
constexpr Milliseconds head_start{250};

Error unreachable(const std::string& message) {
  return {.code = Errc::forge_unreachable, .message = message};
}

struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor) {}
  tcp::resolver resolver;
  std::vector<tcp::endpoint> found;
  boost::system::error_code error;
  bool done = false;
  Signal changed;
};

struct Race {
  std::optional<tcp::socket> winner;
  std::size_t running = 0;
  boost::system::error_code error;
  bool over = false;
  Signal changed;
};

// One address after the other family's, beginning with IPv6 (RFC 8305 section 4).
std::deque<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& found) {
  std::deque<tcp::endpoint> v6, v4, order;
  for (const tcp::endpoint& endpoint : found) (endpoint.address().is_v6() ? v6 : v4).push_back(endpoint);
  while (!v6.empty() || !v4.empty()) {
    for (auto* family : {&v6, &v4}) {
      if (family->empty()) continue;
      order.push_back(family->front());
      family->pop_front();
    }
  }
  return order;
}

awaitable<> run(std::shared_ptr<Race> race, tcp::endpoint to) {
  tcp::socket socket(co_await asio::this_coro::executor);
  boost::system::error_code error;
  co_await socket.async_connect(to, asio::redirect_error(asio::use_awaitable, error));
  --race->running;
  if (error) {
    race->error = error;
  } else if (!race->over && !race->winner) {
    race->winner = std::move(socket);
  }
  race->changed.notify();
}

}  // namespace

awaitable<Result<tcp::socket>> connect_to(std::string host, unsigned port, Milliseconds limit) {
  const auto until = SteadyClock::now() + limit;
  const auto left = [&] {
    return std::max(Milliseconds(0), std::chrono::duration_cast<Milliseconds>(until - SteadyClock::now()));
  };
  const auto executor = co_await asio::this_coro::executor;

  // A name's look-up may take as long as it likes on its own thread; nobody waits for it beyond the limit.
  auto lookup = std::make_shared<Lookup>(executor);
  boost::system::error_code no_literal;
  const auto literal = asio::ip::make_address(host, no_literal);
  const auto number = static_cast<unsigned short>(port);
  if (!no_literal) {
    lookup->found.emplace_back(literal, number);
    lookup->done = true;
  } else if (is_localhost_name(lower_case(host))) {
    // Whatever /etc/hosts or a resolver says: a token for the own host does not leave it (RFC 6761
    // section 6.3).
    lookup->found.emplace_back(asio::ip::address_v6::loopback(), number);
    lookup->found.emplace_back(asio::ip::address_v4::loopback(), number);
    lookup->done = true;
  } else {
    lookup->resolver.async_resolve(
        host, std::to_string(port),
        [lookup](const boost::system::error_code& error, const tcp::resolver::results_type& results) {
          lookup->error = error;
          for (const auto& entry : results) lookup->found.push_back(entry.endpoint());
          lookup->done = true;
          lookup->changed.notify();
        });
  }
  if (!lookup->done) co_await lookup->changed.wait(left());
  // Nothing that waits behind this look-up is to wait for one that nobody wants any more.
  if (!lookup->done) lookup->resolver.cancel();
  if (!lookup->done) co_return unreachable(fmt::format("The name {} could not be looked up in time.", host));
  if (lookup->found.empty())
    co_return unreachable(fmt::format("The name {} could not be found: {}.", host, lookup->error.message()));

  auto race = std::make_shared<Race>();
  std::deque<tcp::endpoint> waiting = interleaved(lookup->found);
  while (!race->winner && left() > Milliseconds(0) && (!waiting.empty() || race->running > 0)) {
    if (!waiting.empty()) {
      ++race->running;
      spawn(executor, run(race, waiting.front()));
      waiting.pop_front();
    }
    const Milliseconds pause = waiting.empty() ? left() : std::min(head_start, left());
    // An attempt that fails ends the pause: the next address is tried at once (RFC 8305 section 5).
    co_await race->changed.wait(pause);
  }
  race->over = true;
  if (race->winner) co_return std::move(*race->winner);
  if (race->running > 0)
    co_return unreachable(fmt::format("{} did not take a connection within {} s.", host,
                                      std::chrono::duration_cast<std::chrono::seconds>(limit).count()));
  co_return unreachable(fmt::format("{} could not be reached: {}.", host, race->error.message()));
}

}  // namespace forgelink::http
