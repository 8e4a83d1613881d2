// SPDX-License-Identifier: MIT
#include "daemon/sign_in/sign_ins.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "providers/oauth/loopback_listener.hpp"
#include "providers/oauth/pkce.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_pending = 16;
constexpr std::chrono::seconds time_to_finish = 5min;
constexpr std::chrono::seconds askable_after_end = 1min;

// What repositories and pushes need (providers 3.2).
const std::vector<std::string> wanted_scopes = {"repo", "workflow", "read:user", "user:email"};

}  // namespace

struct SignIns::Pending {
  Pending(asio::any_io_executor executor) : end(executor) {}

  std::string id;
  Method method = Method::browser;
  Connection draft;
  bool is_new = true, accept_account_change = false;
  OAuthClient client;
  Time expires_at{};

  // browser
  std::optional<SignInRequest> request;
  std::unique_ptr<LoopbackListener> listener;
  // device
  std::optional<DeviceCode> device;

  bool code_taken = false;  // a code is exchanged once
  std::optional<Outcome> outcome;
  Signal changed;
  asio::steady_timer end;  // of the time to finish, then of being askable
};

SignIns::SignIns(asio::any_io_executor executor, Registry& registry, Connections& connections,
                 OAuthApps& apps, GithubOAuth& github, EventHub& events, const Settings& settings,
                 const Clock& clock)
    : executor_(std::move(executor)),
      registry_(registry),
      connections_(connections),
      apps_(apps),
      github_(github),
      events_(events),
      settings_(settings),
      clock_(clock) {}

SignIns::~SignIns() = default;

std::size_t SignIns::pending() const {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [](const auto& entry) { return !entry.second->outcome; }));
}

awaitable<Result<SignIns::Started>> SignIns::start(Wanted wanted) {
  auto pending = std::make_shared<Pending>(executor_);
  pending->method = wanted.method;
  pending->accept_account_change = wanted.accept_account_change;
  if (wanted.connection) {
    const Connection* existing = registry_.find(*wanted.connection);
    if (existing == nullptr) co_return connection_gone();
    pending->is_new = false;
    pending->draft = *existing;
  } else {
    pending->draft = std::move(*wanted.draft);
    pending->draft.id = ConnectionId::make();
    pending->draft.created_at = pending->draft.updated_at = clock_.now();
  }
  pending->draft.sign_in = SignIn::oauth;
  Result<> checked = check_connection(pending->draft, settings_.endpoints);
  if (checked)
    checked = settings_.policy->check(pending->draft, settings_.endpoints, clock_.now(), Policy::Extent::place);
  if (checked && pending->is_new && registry_.find_by_name(pending->draft.name) != nullptr) {
    checked = Error{.code = Errc::name_taken,
                    .message = fmt::format("There is a connection “{}” already.", pending->draft.name),
                    .field = "name"};
  }
  if (!checked) {
    Error error = checked.error();
    if (pending->is_new && !error.field.empty()) error.field = "add." + error.field;
    co_return error;
  }
  if (this->pending() >= most_pending) {
    co_return Error{
        .code = Errc::too_busy,
        .message = fmt::format("{} sign-ins are pending already.", most_pending),
        .hint = "Finish one of them, cancel it (sign_in.cancel), or wait: each ends after five minutes."};
  }
  Result<OAuthApps::App> app = co_await apps_.github(wanted.method == Method::browser);
  if (!app) co_return app.error();
  pending->client.client_id = app->client_id;
  pending->client.client_secret = app->client_secret;
  pending->id = to_text(make_uuid());
  pending->expires_at = clock_.now() + time_to_finish;

  Result<> begun;
  if (wanted.method == Method::browser) {
    begun = co_await start_browser(pending);
  } else {
    begun = co_await start_device(pending);
  }
  if (!begun) co_return begun.error();
  all_.emplace(pending->id, pending);
  spawn(executor_, expire(pending));
  if (pending->device) spawn(executor_, poll_device(pending));

  const Connection* existing = pending->is_new ? nullptr : registry_.find(pending->draft.id);
  events_.publish({.kind = EventKind::sign_in_started, .connection = existing, .sign_in = pending->id});
  Started started{.id = pending->id, .method = pending->method, .expires_at = pending->expires_at};
  if (pending->request) {
    started.authorize_url = github_.authorize_url(pending->client, *pending->request, wanted_scopes,
                                                  pending->draft.username.value_or(""));
    started.redirect_uri = pending->request->redirect_uri;
  } else {
    started.verification_uri = pending->device->verification_uri;
    started.user_code = pending->device->user_code;
    started.interval = pending->device->interval.count();
  }
  co_return started;
}

awaitable<Result<>> SignIns::start_browser(std::shared_ptr<Pending> pending) {
  // The listener is bound before its address is given out, so nobody else can hold the port.
  std::weak_ptr<Pending> weak = pending;
  auto on_answer = [this, weak](RedirectAnswer answer) {
    if (const auto alive = weak.lock()) on_redirect(alive, std::move(answer));
  };
  Result<std::unique_ptr<LoopbackListener>> listener =
      LoopbackListener::open(executor_, github_.issuer(), std::move(on_answer));
  if (!listener) co_return listener.error();
  pending->request = (*listener)->request();
  pending->listener = std::move(*listener);
  co_return Result<>();
}

awaitable<Result<>> SignIns::start_device(std::shared_ptr<Pending> pending) {
  Result<DeviceCode> device = co_await github_.start_device(pending->client, wanted_scopes);
  if (!device) co_return device.error();
  pending->expires_at = clock_.now() + device->expires_in;
  pending->device = std::move(*device);
  co_return Result<>();
}

awaitable<> SignIns::expire(std::shared_ptr<Pending> pending) {
  pending->end.expires_after(pending->expires_at - clock_.now());
  boost::system::error_code ended;
  co_await pending->end.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (!pending->outcome) {
    fail(*pending, {.code = Errc::sign_in_expired,
                    .message = "The sign-in was not finished in time.",
                    .hint = "Start it again."});
  }
  pending->end.expires_after(askable_after_end);
  co_await pending->end.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  all_.erase(pending->id);
}

awaitable<> SignIns::poll_device(std::shared_ptr<Pending> pending) {
  // A fifth more than asked for, against clocks that drift (providers 10.2).
  std::chrono::milliseconds pause = pending->device->interval * 6 / 5;
  while (!pending->outcome) {
    bool ended = co_await pending->changed.wait(pause);
    if (ended && pending->outcome) co_return;
    Result<DevicePoll> poll = co_await github_.poll_device(pending->client, *pending->device);
    if (pending->outcome) co_return;
    if (!poll) {
      if (poll.error().code == Errc::forge_unreachable || poll.error().code == Errc::rate_limited) {
        pause = std::min<std::chrono::milliseconds>(pause * 2, 1min);  // RFC 8628 section 3.5
        continue;
      }
      fail(*pending, poll.error());
      co_return;
    }
    if (poll->slower) {
      pending->device->interval = *poll->slower;
      pause = pending->device->interval * 7 / 5;
    }
    if (!poll->tokens) continue;
    pending->code_taken = true;
    co_await finish(pending, std::move(*poll->tokens));
    co_return;
  }
}

void SignIns::on_redirect(std::shared_ptr<Pending> pending, RedirectAnswer answer) {
  if (pending->outcome || pending->code_taken) return;
  pending->code_taken = true;
  if (!answer.error.empty()) {
    fail(*pending, GithubOAuth::authorization_error(answer.error));
    return;
  }
  spawn(executor_, exchange(std::move(pending), std::move(answer.code)));
}

awaitable<> SignIns::exchange(std::shared_ptr<Pending> pending, Secret code) {
  Result<OAuthTokens> tokens =
      co_await github_.exchange_code(pending->client, *pending->request, std::move(code));
  if (pending->outcome) co_return;  // cancelled meanwhile
  if (!tokens) {
    fail(*pending, tokens.error());
    co_return;
  }
  co_await finish(pending, std::move(*tokens));
}

awaitable<> SignIns::finish(std::shared_ptr<Pending> pending, OAuthTokens tokens) {
  TokenPair pair{.access = std::move(tokens.access),
                 .refresh = std::move(tokens.refresh),
                 .expires_at = tokens.expires_at,
                 .scopes = std::move(tokens.scopes)};
  Connection draft = pending->draft;
  Result<ConnectionId> saved = co_await connections_.sign_in(std::move(draft), pending->is_new,
                                                             std::move(pair), pending->accept_account_change);
  if (!saved) {
    fail(*pending, saved.error());
    co_return;
  }
  if (pending->outcome) co_return;
  settle(*pending, std::optional(*saved));
  events_.publish(
      {.kind = EventKind::sign_in_completed, .connection = registry_.find(*saved), .sign_in = pending->id});
}

// What is kept for those who still ask holds no secret.
void SignIns::settle(Pending& pending, Outcome outcome) {
  pending.outcome = std::move(outcome);
  pending.listener.reset();
  pending.client.client_secret.reset();
  if (pending.request) pending.request->state = pending.request->verifier = nullptr;
  if (pending.device) pending.device->device_code.reset();
  pending.changed.notify();
  pending.end.cancel();
}

void SignIns::fail(Pending& pending, Error error) {
  if (pending.outcome) return;
  boost::json::object detail{
      {"kind", kind(error.code)}, {"message", error.message}, {"name", pending.draft.name}};
  const Connection* existing = pending.is_new ? nullptr : registry_.find(pending.draft.id);
  if (existing != nullptr) error.details["connection"] = existing->name;
  settle(pending, std::move(error));
  events_.publish(
      {.kind = EventKind::sign_in_failed, .connection = existing, .sign_in = pending.id, .detail = std::move(detail)});
}

Result<std::shared_ptr<SignIns::Pending>> SignIns::find(const std::string& id) const {
  const auto found = all_.find(id);
  if (found != all_.end()) return found->second;
  return Error{.code = Errc::not_found,
               .message = "There is no such sign-in, or it ended more than a minute ago.",
               .field = "sign_in"};
}

SignIns::Outcome SignIns::outcome_of(const Pending& pending) {
  if (pending.outcome) return *pending.outcome;
  return std::optional<ConnectionId>();
}

awaitable<SignIns::Outcome> SignIns::wait(std::string id, Milliseconds limit) {
  Result<std::shared_ptr<Pending>> found = find(id);
  if (!found) co_return found.error();
  const std::shared_ptr<Pending> pending = *found;
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!pending->outcome) {
    const auto left = std::chrono::duration_cast<Milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= 0ms) break;
    co_await pending->changed.wait(left);
  }
  co_return outcome_of(*pending);
}

awaitable<SignIns::Outcome> SignIns::complete(std::string id, Secret redirect_url) {
  Result<std::shared_ptr<Pending>> found = find(id);
  if (!found) co_return found.error();
  const std::shared_ptr<Pending> pending = *found;
  if (!pending->request)
    co_return invalid("sign_in", "This sign-in waits for its device code, not for a redirect address.");
  if (!pending->outcome && !pending->code_taken) {
    Result<RedirectAnswer> answer = parse_redirect_url(redirect_url.reveal(), *pending->request);
    if (!answer) {
      Error error = answer.error();
      error.field = "redirect_url";
      co_return error;
    }
    on_redirect(pending, std::move(*answer));
  }
  while (!pending->outcome) co_await pending->changed.wait();
  co_return outcome_of(*pending);
}

Result<bool> SignIns::cancel(const std::string& id) {
  Result<std::shared_ptr<Pending>> found = find(id);
  if (!found) return found.error();
  fail(**found, {.code = Errc::sign_in_cancelled, .message = "The sign-in was cancelled."});
  return !outcome_of(**found);
}

void SignIns::on_event(const Event& event) {
  if (event.kind != EventKind::connection_removed || event.connection == nullptr) return;
  for (const auto& [id, pending] : all_) {
    if (pending->is_new || pending->draft.id != event.connection->id || pending->outcome) continue;
    fail(*pending,
         {.code = Errc::sign_in_cancelled,
          .message = fmt::format("“{}” was removed while its sign-in was pending.", event.connection->name)});
  }
}

void SignIns::stop() {
  for (const auto& [id, pending] : all_) {
    fail(*pending,
         {.code = Errc::shutting_down, .message = "Forgelink is shutting down; start the sign-in again."});
  }
}

}  // namespace forgelink
