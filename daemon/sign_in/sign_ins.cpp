// SPDX-License-Identifier: MIT
#include "daemon/sign_in/sign_ins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/process/memory_image.hpp"
#include "daemon/sign_in/pending_sign_in.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_pending = 16;
constexpr std::chrono::seconds time_to_finish = 5min;
constexpr std::chrono::seconds askable_after_end = 1min;

Error too_many() {
  return {.code = Errc::too_busy,
          .message = fmt::format("{} sign-ins are pending already.", most_pending),
          .hint = "Finish one of them, cancel it (sign_in.cancel), or wait: each ends after five minutes."};
}

}  // namespace

SignIns::SignIns(asio::any_io_executor executor, Registry& registry, Connections& connections,
                 OAuthApps& apps, OAuthClient& oauth, EventHub& events, const Settings& settings,
                 const Clock& clock)
    : executor_(std::move(executor)),
      registry_(registry),
      connections_(connections),
      apps_(apps),
      oauth_(oauth),
      events_(events),
      settings_(settings),
      clock_(clock) {}

SignIns::~SignIns() = default;

std::size_t SignIns::pending() const {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [](const auto& entry) { return !entry.second->outcome; }));
}

// What can be told without asking anybody. Brings the draft into its normal form.
Result<> SignIns::check(Pending& pending) {
  Connection& draft = pending.draft;
  if (const Provider* provider = find_provider(draft.type)) {
    const bool has_it =
        provider->oauth != nullptr && (pending.method == Method::browser || provider->oauth->device);
    if (!has_it) {
      return Error{.code = Errc::sign_in_unsupported,
                   .message = provider->oauth == nullptr
                                  ? fmt::format("{} has no sign-in; it takes a personal access token.",
                                                provider->label)
                                  : fmt::format("{} has no device code.", provider->label),
                   .field = "method",
                   .hint = provider->oauth == nullptr ? "Give a token instead." : "Sign in by browser."};
    }
  }
  draft.sign_in = SignIn::oauth;
  Result<> checked = check_connection(draft, settings_.endpoints);
  if (checked)
    checked = settings_.policy->check(draft, settings_.endpoints, clock_.now(), Policy::Extent::place);
  if (checked && pending.is_new && registry_.find_by_name(draft.name) != nullptr) {
    checked = Error{.code = Errc::name_taken,
                    .message = fmt::format("There is a connection “{}” already.", draft.name),
                    .field = "name"};
  }
  if (checked) return checked;
  Error error = checked.error();
  if (pending.is_new && !error.field.empty()) error.field = "add." + error.field;
  return error;
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
    // Made now and not when it is saved: after a restart it shows whether the row was written (restore()).
    pending->draft.id = ConnectionId::make();
    pending->draft.created_at = pending->draft.updated_at = clock_.now();
  }
  Result<> checked = check(*pending);
  if (!checked) co_return checked.error();
  if (this->pending() >= most_pending) co_return too_many();
  // Counted before the first wait, so that many at once are no more than many one after the other.
  pending->id = to_text(make_uuid());
  pending->expires_at = clock_.now() + time_to_finish;
  all_.emplace(pending->id, pending);
  Result<> begun = co_await begin(pending);
  if (!begun) {
    all_.erase(pending->id);
    co_return begun.error();
  }
  if (pending->outcome) co_return pending->outcome->error();  // stopped meanwhile
  spawn(executor_, expire(pending));
  if (pending->device) spawn(executor_, poll_device(pending));
  if (on_changed) on_changed();
  const Connection* existing = pending->is_new ? nullptr : registry_.find(pending->draft.id);
  events_.publish({.kind = EventKind::sign_in_started, .connection = existing, .sign_in = pending->id});
  co_return started(*pending);
}

awaitable<Result<>> SignIns::begin(std::shared_ptr<Pending> pending) {
  const bool by_browser = pending->method == Method::browser;
  const OAuthApps::Use use = by_browser ? OAuthApps::Use::browser : OAuthApps::Use::device;
  Result<OAuthServer> server = co_await apps_.server_for(pending->draft, use);
  if (!server) co_return server.error();
  pending->server = std::move(*server);
  if (by_browser) co_return listen(pending);
  OAuthServer asked = pending->server;
  Result<DeviceCode> device = co_await oauth_.start_device(std::move(asked));
  if (!device) co_return device.error();
  pending->expires_at = clock_.now() + device->expires_in;
  pending->device = std::move(*device);
  co_return Result<>();
}

Result<> SignIns::listen(const std::shared_ptr<Pending>& pending) {
  // Bound before its address is given out, so that nobody else can hold the port.
  Result<LoopbackListener> listener = listener_for(pending->server);
  if (!listener) return listener.error();
  pending->redirect = listener->expect(pending->server.endpoints.issuer, answer_to(pending));
  return {};
}

LoopbackListener::OnAnswer SignIns::answer_to(const std::shared_ptr<Pending>& pending) {
  std::weak_ptr<Pending> weak = pending;
  return [this, weak](RedirectAnswer answer) {
    if (const auto alive = weak.lock()) on_redirect(alive, std::move(answer));
  };
}

Result<LoopbackListener> SignIns::listener_for(const OAuthServer& server) {
  const OAuthRedirect& redirect = server.dialect->redirect;
  const unsigned short port = server.app.redirect_port;
  if (port == 0) return LoopbackListener::open(executor_, redirect, 0);
  std::erase_if(fixed_, [](const auto& entry) { return !entry.second.is_open(); });
  const auto known = fixed_.find(port);
  // The port is the app's registered one, and can be bound once.
  if (known != fixed_.end()) return known->second;
  Result<LoopbackListener> opened = LoopbackListener::open(executor_, redirect, port);
  if (opened) fixed_.emplace(port, *opened);
  return opened;
}

SignIns::Started SignIns::started(const Pending& pending) const {
  Started started{.id = pending.id, .method = pending.method, .expires_at = pending.expires_at};
  if (pending.redirect) {
    const SignInRequest& request = pending.redirect->request();
    started.authorize_url =
        OAuthClient::authorize_url(pending.server, request, pending.draft.username.value_or(""));
    started.redirect_uri = request.redirect_uri;
  } else {
    started.verification_uri = pending.device->verification_uri;
    started.verification_uri_complete = pending.device->verification_uri_complete;
    started.user_code = pending.device->user_code;
    started.interval = pending.device->interval.count();
  }
  const std::string_view caution = pending.server.dialect->caution;
  if (!caution.empty()) started.caution = caution;
  return started;
}

awaitable<> SignIns::expire(std::shared_ptr<Pending> pending) {
  pending->end.expires_after(pending->expires_at - clock_.now());
  boost::system::error_code ended;
  co_await pending->end.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  pending->time_is_up = true;
  // finish() may be waiting between two tries; the next one is its last.
  if (pending->pair) pending->changed.notify();
  // A call that may bring the pair, and a row that is being written, come to their end first.
  while ((pending->saving || pending->asking_for_pair || pending->pair) && !pending->outcome)
    co_await pending->changed.wait();
  if (!pending->outcome) {
    fail(*pending,
         {.code = Errc::sign_in_expired,
          .message = pending->last_trouble.empty()
                         ? std::string("The sign-in was not finished in time.")
                         : "The sign-in was not finished in time. The last trouble: " + pending->last_trouble,
          .hint = "Start it again."});
  }
  pending->end.expires_after(askable_after_end);
  co_await pending->end.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  all_.erase(pending->id);
}

// What is kept for those who still ask holds no secret.
void SignIns::settle(Pending& pending, Outcome outcome) {
  pending.outcome = std::move(outcome);
  pending.redirect.reset();
  pending.pair.reset();
  pending.server.app.client_secret.reset();
  if (pending.device) pending.device->device_code.reset();
  pending.changed.notify();
  // expire() goes on to the minute in which the outcome may still be asked for.
  pending.end.cancel();
  if (on_changed && !at_stop_) on_changed();
}

void SignIns::fail(Pending& pending, Error error) {
  // What becomes of a row that is being written is the outcome then.
  if (pending.outcome || pending.saving) return;
  boost::json::object detail{
      {"kind", kind(error.code)}, {"message", error.message}, {"name", pending.draft.name}};
  const Connection* existing = pending.is_new ? nullptr : registry_.find(pending.draft.id);
  if (existing != nullptr) error.details["connection"] = existing->name;
  settle(pending, std::move(error));
  events_.publish({.kind = EventKind::sign_in_failed,
                   .connection = existing,
                   .sign_in = pending.id,
                   .detail = std::move(detail)});
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
  if (pending->method != Method::browser)
    co_return invalid("sign_in", "This sign-in waits for its device code, not for a redirect address.");
  if (!pending->outcome && !pending->code_taken) {
    Result<RedirectAnswer> answer = parse_redirect_url(redirect_url.reveal(), pending->redirect->request());
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

awaitable<Result<bool>> SignIns::cancel(std::string id) {
  Result<std::shared_ptr<Pending>> found = find(id);
  if (!found) co_return found.error();
  const std::shared_ptr<Pending> pending = *found;
  while (pending->saving && !pending->outcome) co_await pending->changed.wait();
  fail(*pending, {.code = Errc::sign_in_cancelled, .message = "The sign-in was cancelled."});
  co_return !outcome_of(*pending);
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
  // All are ended below; what is written to the image from now on is what they were.
  auto now = std::make_unique<MemoryImage>();
  save(*now);
  at_stop_ = std::move(now);
  for (const auto& [id, pending] : all_) {
    fail(*pending,
         {.code = Errc::shutting_down, .message = "Forgelink is shutting down; start the sign-in again."});
  }
}

}  // namespace forgelink
