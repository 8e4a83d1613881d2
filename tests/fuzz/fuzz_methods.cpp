// SPDX-License-Identifier: MIT
// Requests to the real methods, on a real registry and store in memory: every line ends in one answer that is
// JSON on one line, whatever came before it. No forge is reached: the proxy is a port where nobody listens.
//
// Input: lines, one request each. Sign-ins and subscriptions are left out, as they last.
#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>

#include "daemon/lists/cursor.hpp"
#include "daemon/methods/method_table.hpp"

namespace forgelink {
namespace {

[[noreturn]] void wrong(std::string_view what, std::string_view text) {
  std::cerr << what << ": " << text << "\n";
  std::abort();
}

class Nobody : public ipc::Peer {
  void notify(std::shared_ptr<const std::string>) override {}
  bool is_gone() const override { return false; }
};

struct Daemon {
  asio::io_context loop;
  Services services;
  ipc::MethodTable methods;
  ipc::Server server;  // listens nowhere; daemon.status counts its clients
  Nobody peer;

  static Settings settings() {
    Settings settings;
    settings.store = StoreChoice::memory;
    settings.notifications = false;
    settings.proxy = "http://127.0.0.1:1";
    settings.timeout = std::chrono::seconds(1);
    return settings;
  }
  Daemon()
      : services(loop, settings(), Registry::in_memory()),
        methods(make_method_table(services)),
        server(loop.get_executor(), methods, {}) {
    services.server = &server;
  }
};

void check(const std::string& id, const ipc::Answer& answer) {
  const std::string line = answer ? ipc::response(id, *answer) : ipc::response(id, answer.error());
  boost::system::error_code bad;
  static_cast<void>(boost::json::parse(line, bad));
  if (bad || line.find('\n') != std::string::npos) wrong("an answer that is no line of JSON", line);
  if (!answer && answer.error().message.empty()) wrong("an error that says nothing", line);
}

awaitable<> later(awaitable<ipc::Answer> coming, int& open) {
  const ipc::Answer answer = co_await std::move(coming);
  check("1", answer);
  --open;
}

// False if there is no answer after a while.
bool ask(Daemon& daemon, const boost::json::value& request) {
  const auto read = ipc::read_call(request);
  const auto* call = std::get_if<ipc::Call>(&read);
  if (call == nullptr || call->method.starts_with("sign_in.") || call->method == "event.subscribe")
    return true;
  const auto* entry = daemon.methods.find(call->method);
  if (entry == nullptr) return true;
  auto outcome = entry->invoke(*call->params, daemon.peer);
  if (const auto* now = std::get_if<ipc::Answer>(&outcome)) {
    check(call->id.empty() ? "null" : call->id, *now);
    return true;
  }
  int open = 1;
  spawn(daemon.loop.get_executor(), later(std::move(std::get<awaitable<ipc::Answer>>(outcome)), open));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (open > 0 && std::chrono::steady_clock::now() < until) {
    daemon.loop.restart();
    daemon.loop.run_one_until(until);
  }
  // What goes on behind git's back; the loop may also be waiting for a token's end.
  if (call->method.starts_with("credential.")) {
    daemon.loop.restart();
    daemon.loop.run_for(std::chrono::milliseconds(100));
  }
  return open == 0;
}

void run(std::string_view input) {
  if (!input.empty() && cursor_text(cursor_of(input)) != input) wrong("a cursor does not survive", input);
  static_cast<void>(cursor_text(input));

  auto daemon = std::make_unique<Daemon>();
  for (int count = 0; !input.empty() && count < 20; ++count) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    boost::system::error_code bad;
    const boost::json::value request = boost::json::parse(line, bad);
    if (bad) continue;
    if (!ask(*daemon, request)) wrong("no answer in 5 s", line);
  }
}

}  // namespace
}  // namespace forgelink

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  forgelink::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
