// SPDX-License-Identifier: MIT
// The core of the daemon on fakes: a registry in memory, a keyring and forges that do as they are told, and a
// clock that stands still.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/tokens/tokens.hpp"
#include "tests/fakes/fake_secret_store.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/scripted_http_client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {

struct DaemonFixture {
  DaemonFixture() {
    events.listen([this](const Event& event) { published.push_back(event.kind); });
    events.listen([this](const Event&) { tokens.renewal().drop_stale(); });
  }

  // Lets what was started in the background go on for a while.
  void settle(Milliseconds time = std::chrono::milliseconds(20)) {
    auto wait = [](Milliseconds how_long) -> awaitable<int> {
      co_await sleep_for(how_long);
      co_return 0;
    };
    loop.run(wait(time));
  }

  template <class T>
  T run(awaitable<T> work) {
    return loop.run(std::move(work));
  }
  void run(awaitable<> work) {
    auto whole = [](awaitable<> inner) -> awaitable<int> {
      co_await std::move(inner);
      co_return 0;
    };
    loop.run(whole(std::move(work)));
  }

  Connection draft(const std::string& name, const std::string& type = "github") const {
    Connection row{.id = ConnectionId::make(), .name = name, .type = type};
    row.created_at = row.updated_at = clock.now();
    return row;
  }

  // A connection with that token in the keyring.
  ConnectionId with_token(Connection row, std::string_view text, TokenState state = TokenState::valid) {
    const ConnectionId id = row.id;
    row.token.state = state;
    auto secret = std::make_shared<const Secret>(text);
    EXPECT_THAT(run(tokens.put(std::move(row), std::nullopt, secret, Prompt::never)), Succeeds());
    settle(std::chrono::milliseconds(1));
    published.clear();
    return id;
  }

  const Connection& row(ConnectionId id) const { return *registry->find(id); }
  ConnectionView connection_view(ConnectionId id) const {
    return view_of(row(id), clock.now(), vault.is_unreachable(row(id).token), settings);
  }

  ManualClock clock;
  Settings settings;
  Loop loop;
  std::unique_ptr<Registry> registry = Registry::in_memory();
  FakeSecretStore keyring;
  MemorySecretStore memory;
  SecretVault vault{loop.executor(), settings, *registry, &keyring, memory};
  EventHub events{clock, [this](const Connection& c) {
                    return view_of(c, clock.now(), vault.is_unreachable(c.token), settings);
                  }};
  ConnectionLocks locks;
  Tokens tokens{loop.executor(), *registry, vault, events, locks, clock};
  ScriptedHttpClient http;
  Connections connections{*registry, tokens, vault, events, locks, http, settings, clock};
  std::vector<EventKind> published;
};

}  // namespace forgelink
