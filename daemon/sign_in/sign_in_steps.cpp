// SPDX-License-Identifier: MIT
// How a sign-in that was started comes to its end: the code or the device's yes, the exchange, the account.
#include <fmt/format.h>

#include <utility>

#include "daemon/sign_in/pending_sign_in.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds first_pause = 500ms, longest_pause = 30s;  // between tries of a lost exchange

Error answer_lost(const OAuthServer& server) {
  return {.code = Errc::forge_error,
          .message = fmt::format("{} issued the token, but its answer was lost.", server.dialect->name),
          .hint = "Start again: forgelink add NAME --sign-in, or edit NAME --sign-in."};
}

// How long to leave a server alone that has trouble: what it asks for, else ever longer.
Milliseconds next_pause(Milliseconds last, const Error& trouble) {
  const Milliseconds longer = std::min(last * 2, longest_pause);
  return trouble.retry_after ? std::max<Milliseconds>(*trouble.retry_after, longer) : longer;
}

// The code is spent, so what may be better a moment later is no reason to lose the pair.
bool may_pass(Errc code) {
  return code == Errc::forge_unreachable || code == Errc::rate_limited || code == Errc::forge_error ||
         code == Errc::proxy_failed || code == Errc::tls_untrusted || code == Errc::database_failed ||
         code == Errc::too_busy;
}

std::shared_ptr<const TokenPair> pair_of(OAuthTokens tokens) {
  return std::make_shared<const TokenPair>(TokenPair{.access = std::move(tokens.access),
                                                     .refresh = std::move(tokens.refresh),
                                                     .expires_at = tokens.expires_at,
                                                     .scopes = std::move(tokens.scopes)});
}

}  // namespace

awaitable<bool> SignIns::can_keep_token(std::shared_ptr<Pending> pending) {
  // A person is asked once for each sign-in, not at every poll.
  const Prompt prompt = std::exchange(pending->asked_to_unlock, true) ? Prompt::never : Prompt::allowed;
  Result<> writable = co_await connections_.check_writable(pending->draft.retention, prompt);
  if (!writable) pending->last_trouble = writable.error().message;
  co_return writable.has_value();
}

// `expire` waits for it; a pair that came is in its place before that goes on.
void SignIns::end_asking(Pending& pending) {
  pending.asking_for_pair = false;
  if (pending.time_is_up) pending.changed.notify();
}

awaitable<> SignIns::poll_device(std::shared_ptr<Pending> pending) {
  // A fifth more than asked for, against clocks that drift.
  Milliseconds usual = pending->device->interval * 6 / 5, pause = usual;
  bool lost = false;
  while (!pending->outcome) {
    co_await pending->changed.wait(pause);
    if (pending->outcome) co_return;
    // By what is known where that will do: a probe at every poll would write an item every few seconds.
    if (!connections_.looks_writable()) {
      const bool writable = co_await can_keep_token(pending);
      if (!writable) continue;
    }
    OAuthServer server = pending->server;
    DeviceCode device = *pending->device;
    pending->asking_for_pair = true;
    DevicePoll poll = co_await oauth_.poll_device(std::move(server), std::move(device));
    end_asking(*pending);
    if (pending->outcome) co_return;
    if (poll.answer.tokens) {
      pending->code_taken = true;
      std::shared_ptr<const TokenPair> pair = pair_of(std::move(*poll.answer.tokens));
      co_await finish(pending, std::move(pair));
      co_return;
    }
    if (poll.slower) {
      pending->device->interval = *poll.slower;
      usual = pending->device->interval * 7 / 5;
    }
    if (poll.pending) {
      pause = usual;
      lost = false;
    } else if (poll.answer.passing) {
      lost = true;
      pending->last_trouble = poll.answer.error.message;
      pause = next_pause(pause, poll.answer.error);  // RFC 8628 section 3.5
    } else {
      fail(*pending, lost && poll.answer.spent ? answer_lost(pending->server) : poll.answer.error);
      co_return;
    }
  }
}

void SignIns::on_redirect(std::shared_ptr<Pending> pending, RedirectAnswer answer) {
  // A reload of the page or a paste after the redirect: the code serves once.
  if (pending->outcome || pending->code_taken) return;
  pending->code_taken = true;
  if (!answer.error.empty()) {
    fail(*pending, OAuthClient::authorization_error(pending->server, answer));
    return;
  }
  auto code = std::make_shared<const Secret>(std::move(answer.code));
  spawn(executor_, exchange(std::move(pending), std::move(code)));
}

awaitable<> SignIns::exchange(std::shared_ptr<Pending> pending, SharedSecret code) {
  Milliseconds pause = first_pause;
  bool lost = false;
  while (!pending->outcome) {
    const bool writable = co_await can_keep_token(pending);
    if (pending->outcome) co_return;
    if (!writable) {
      co_await pending->changed.wait(pause);
      pause = std::min(pause * 2, longest_pause);
      continue;
    }
    OAuthServer server = pending->server;
    SignInRequest request = pending->redirect->request();
    pending->asking_for_pair = true;
    TokenAnswer answer = co_await oauth_.exchange_code(std::move(server), std::move(request), code);
    end_asking(*pending);
    if (pending->outcome) co_return;  // cancelled meanwhile
    if (answer.tokens) {
      std::shared_ptr<const TokenPair> pair = pair_of(std::move(*answer.tokens));
      co_await finish(pending, std::move(pair));
      co_return;
    }
    if (!answer.passing) {
      // The first try may have got through: then its answer, and the token in it, are lost.
      fail(*pending, lost && answer.spent ? answer_lost(pending->server) : answer.error);
      co_return;
    }
    lost = true;
    pending->last_trouble = answer.error.message;
    pause = next_pause(pause, answer.error);
    co_await pending->changed.wait(pause);
  }
}

awaitable<> SignIns::finish(std::shared_ptr<Pending> pending, std::shared_ptr<const TokenPair> pair) {
  pending->pair = pair;
  // From here on the pair crosses a restart.
  if (on_changed) on_changed();
  Milliseconds pause = first_pause;
  while (!pending->outcome) {
    // In the last round the account is not asked for: the pair is saved as it is (docs/architecture.md 6).
    const bool last = pending->time_is_up;
    Connection draft = pending->draft;
    const Connections::SignInTerms terms{.is_new = pending->is_new,
                                         .accept_account_change = pending->accept_account_change,
                                         .ask_account = !last};
    // The last moment at which a sign-in can be stopped.
    std::function<bool()> may_save = [pending] {
      if (pending->outcome) return false;
      pending->saving = true;
      return true;
    };
    Result<ConnectionId> saved =
        co_await connections_.sign_in(std::move(draft), pair, terms, std::move(may_save));
    pending->saving = false;
    if (pending->outcome) co_return;
    if (saved) {
      settle(*pending, std::optional(*saved));
      events_.publish({.kind = EventKind::sign_in_completed,
                       .connection = registry_.find(*saved),
                       .sign_in = pending->id});
      co_return;
    }
    if (last || !may_pass(saved.error().code)) {
      fail(*pending, saved.error());
      co_return;
    }
    pending->last_trouble = saved.error().message;
    pause = next_pause(pause, saved.error());
    if (!pending->time_is_up) co_await pending->changed.wait(pause);
  }
}

}  // namespace forgelink
