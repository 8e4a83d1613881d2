// SPDX-License-Identifier: MIT
// The whole daemon but its socket, in one process with a test: every part as the composition root makes it,
// tokens in locked memory, the cloud forges on a port of this machine, and methods called by their types.
#pragma once

#include "daemon/methods/method_table.hpp"
#include "daemon/services.hpp"
#include "tests/fakes/fake_peer.hpp"
#include "tests/fakes/loopback_forge.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/private_home.hpp"
#include "tests/support/results.hpp"

namespace forgelink {

struct ServicesFixture {
  using Reply = Result<boost::json::object>;

  ServicesFixture() {
    services.server = &server;
    services.lends.make_tables_with(
        [this](std::shared_ptr<LentConnections> lent, const ipc::Server*& lending) {
          return make_lent_table(services, std::move(lent), lending);
        });
    services.events.listen([this](const Event& event) { published.push_back(event.kind); });
  }

  static Settings settings_for(const LoopbackForge& forge) {
    Settings settings;
    settings.store = StoreChoice::memory;
    settings.notifications = false;
    settings.timeout = std::chrono::milliseconds(5'000);
    for (const char* type : {"github", "bitbucket"}) {
      settings.endpoints.replace(type, "api", forge.url() + "/api");
      settings.endpoints.replace(type, "web", forge.url());
    }
    settings.endpoints.replace("gitlab", "root", forge.url());
    return settings;
  }

  // --- methods

  template <class Method>
  Reply call(boost::json::object params = {}) {
    return call(Method::name, std::move(params));
  }
  Reply call(std::string_view name, boost::json::value params) {
    ipc::Outcome outcome = methods.find(name)->invoke(params, *peer);
    if (auto* answer = std::get_if<ipc::Answer>(&outcome)) return object_of(std::move(*answer));
    return object_of(loop.run(std::get<awaitable<ipc::Answer>>(std::move(outcome))));
  }
  // Begins a call and gives back where its reply will be.
  template <class Method>
  std::shared_ptr<std::optional<Reply>> begin(boost::json::object params = {}) {
    auto reply = std::make_shared<std::optional<Reply>>();
    ipc::Outcome outcome = methods.find(Method::name)->invoke(params, *peer);
    const auto wait = [](awaitable<ipc::Answer> coming, auto into) -> awaitable<> {
      ipc::Answer answer = co_await std::move(coming);
      *into = object_of(std::move(answer));
    };
    spawn(loop.executor(), wait(std::get<awaitable<ipc::Answer>>(std::move(outcome)), reply));
    return reply;
  }
  static Reply object_of(ipc::Answer answer) {
    if (!answer) return answer.error();
    return boost::json::parse(answer->text).as_object();
  }

  // Runs the loop until `done` holds, for 5 s at most; false if it never did.
  template <class Done>
  bool run_until(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    loop.context().restart();
    while (!done() && std::chrono::steady_clock::now() < end) {
      if (loop.context().run_one_for(Milliseconds(20)) == 0) loop.context().restart();
    }
    return done();
  }

  // --- connections

  Connection draft(const std::string& name, const std::string& type = "github") const {
    Connection row{.id = ConnectionId::make(), .name = name, .type = type};
    row.created_at = row.updated_at = services.clock.now();
    return row;
  }
  ConnectionId with_token(Connection row, std::string_view text, TokenState state = TokenState::valid) {
    const ConnectionId id = row.id;
    row.token.state = state;
    auto secret = std::make_shared<const Secret>(text);
    EXPECT_THAT(loop.run(services.tokens.put(std::move(row), std::nullopt, secret, Prompt::never)),
                Succeeds());
    services.events.publish({.kind = EventKind::connection_added, .connection = services.registry->find(id)});
    published.clear();
    return id;
  }
  const Connection& row(ConnectionId id) const { return *services.registry->find(id); }
  void change(ConnectionId id, const std::function<void(Connection&)>& edit) {
    Connection changed = row(id);
    edit(changed);
    EXPECT_THAT(services.registry->update(changed), Succeeds());
    services.events.publish(
        {.kind = EventKind::connection_updated, .connection = services.registry->find(id)});
    published.clear();
  }

  PrivateHome home;
  Loop loop;
  LoopbackForge forge{loop.executor()};
  Services services{loop.context(), settings_for(forge), Registry::in_memory()};
  ipc::MethodTable methods = make_method_table(services);
  ipc::Server server{loop.executor(), methods, {.version = "test"}};
  std::shared_ptr<FakePeer> peer = std::make_shared<FakePeer>();
  std::vector<EventKind> published;
};

inline boost::json::value as_json(const std::string& text) { return boost::json::value(text); }

// What GitHub answers of the account of a token.
inline void github_says(LoopbackForge& forge, const std::string& login, int id = 1) {
  forge.on("GET /api/user", 200, R"({"login":")" + login + R"(","id":)" + std::to_string(id) + "}",
           "X-OAuth-Scopes: repo, workflow, read:user, user:email\r\nX-GitHub-Request-Id: 1\r\n");
}

}  // namespace forgelink
