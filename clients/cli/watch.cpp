// SPDX-License-Identifier: MIT
// watch: events as they happen
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "clients/cli/access_words.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/async_client.hpp"
#include "ipc/protocol/event_kind.hpp"
#include "ipc/protocol/event_subscribe.hpp"
#include "ipc/protocol/event_view.hpp"

namespace forgelink::cli {
namespace {

constexpr std::chrono::minutes subscribe_limit{4};  // as any other call (context.cpp)

void show_event(const Context& context, const json::value& json) {
  if (context.json_output) return print(json);
  protocol::EventView event;
  ipc::from_json(json, event);
  protocol::AccessList::EntryView use;
  if (event.kind == name_of(protocol::EventKind::token_used) && event.detail &&
      ipc::from_json(json::value(*event.detail), use))
    return print(clean(use_in_words(use)) + "\n");
  std::string line = fmt::format("{}  {:<22}", rfc3339(event.at), event.kind);
  if (event.connection) line += fmt::format("“{}”", event.connection->name);
  if (event.detail) line += (event.connection ? "  " : "") + json::serialize(*event.detail);
  print(clean(line) + "\n");
}

// Ends by an exception: when the daemon goes, or the output does.
awaitable<> show_events(const Context& context, ipc::AsyncClient& client, std::vector<std::string> kinds) {
  json::object params = ipc::params_object(protocol::EventSubscribe::Params{.kinds = std::move(kinds)});
  std::string method(protocol::EventSubscribe::name);
  ipc::Response response = co_await client.call(std::move(method), std::move(params), subscribe_limit);
  const auto [json, now] = context.typed<protocol::EventSubscribe>(context.result_of(std::move(response)));
  if (context.json_output) {
    print(json);
  } else {
    print(fmt::format("Connections: {}; waiting for events. Ctrl-C ends it.\n", now.connections.size()));
  }
  while (true) {
    const auto event = co_await client.next_event();
    if (const auto* value = std::get_if<json::value>(&event)) show_event(context, *value);
    if (const auto* gone = std::get_if<ipc::Unreached>(&event)) {
      complain(gone->message);
      throw Exit{3};
    }
  }
}

// Ends the program, as a write would, once nobody reads standard output any more: where no event comes there
// is no write. An epoll of its own, since asio makes what it waits for non-blocking, and standard output is
// others' too. A file has no reader to lose, and is refused by epoll.
class ReaderWatch {
 public:
  explicit ReaderWatch(asio::io_context& loop) : epoll_(loop, epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event broken{};  // EPOLLERR and EPOLLHUP, which are always told
    if (epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, STDOUT_FILENO, &broken) != 0) return;
    epoll_.async_wait(asio::posix::descriptor_base::wait_read, [](const boost::system::error_code& error) {
      if (!error) std::raise(SIGPIPE);
    });
  }

 private:
  asio::posix::stream_descriptor epoll_;
};

void watch(Context& context, const std::vector<std::string>& kinds) {
  asio::io_context loop{1};
  asio::signal_set end(loop, SIGINT, SIGTERM);
  end.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) loop.stop();
  });
  ipc::AsyncClient client(loop.get_executor(), context.take_client());
  const ReaderWatch reader(loop);
  spawn(loop.get_executor(), show_events(context, client, kinds));
  loop.run();
}

}  // namespace

void declare_watch(CLI::App& app, Context& context) {
  static std::vector<std::string> kinds;
  CLI::App* c = command(app, context, "watch", "Show events as they happen");
  c->add_option("--kind", kinds, "Only these kinds, as token.rejected");
  c->callback([&] { watch(context, kinds); });
}

}  // namespace forgelink::cli
