// SPDX-License-Identifier: MIT
// Signing in by OAuth: up to 16 pending ones, each finished by whatever comes first, its redirect, a pasted
// redirect address, or the device code.
//
// A code is exchanged once; an exchange whose answer was lost is repeated until the sign-in's own end. Then
// the account is read and the connection made or changed, or nothing is. A forge that gives the tokens and
// does not say whose they are is asked until the end as well; then they are saved as `unverified`. A sign-in
// stays askable for a minute after its end. On the loop.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "daemon/connections/connections.hpp"
#include "daemon/tokens/oauth_apps.hpp"
#include "providers/oauth/loopback_listener.hpp"
#include "providers/oauth/oauth_client.hpp"

namespace forgelink {

class MemoryImage;

class SignIns {
 public:
  SignIns(asio::any_io_executor executor, Registry& registry, Connections& connections, OAuthApps& apps,
          OAuthClient& oauth, EventHub& events, const Settings& settings, const Clock& clock);
  ~SignIns();

  enum class Method { browser, device };

  struct Wanted {
    Method method = Method::browser;
    std::optional<ConnectionId> connection;  // an existing one, or
    std::optional<Connection> draft;         // a new one
    bool accept_account_change = false;
  };
  struct Started {
    std::string id;
    Method method = Method::browser;
    Time expires_at{};
    std::optional<std::string> authorize_url, redirect_uri;                             // browser
    std::optional<std::string> verification_uri, verification_uri_complete, user_code;  // device
    std::optional<std::int64_t> interval;
    std::optional<std::string> caution;  // what a person should know before going on
  };

  awaitable<Result<Started>> start(Wanted wanted);

  // The connection once it is done, nothing while it is pending; a failed one fails with its error.
  using Outcome = Result<std::optional<ConnectionId>>;
  awaitable<Outcome> wait(std::string id, Milliseconds limit);
  awaitable<Outcome> complete(std::string id, Secret redirect_url);
  // False if it was completed before, or the connection was being written already: then that is waited for.
  awaitable<Result<bool>> cancel(std::string id);

  // A connection that goes takes its sign-ins along.
  void on_event(const Event& event);

  // Puts pending ones into the image that outlives a restart, and takes them out of it again.
  void save(MemoryImage& image) const;
  void restore(const MemoryImage& image);
  // Called when another one is pending, or one less: what `save` gives has changed.
  std::function<void()> on_changed;

  std::size_t pending() const;
  // Ends all of them with `shutting_down`.
  void stop();

  struct Pending;

 private:
  Result<> check(Pending& pending);
  static void end_asking(Pending& pending);
  awaitable<Result<>> begin(std::shared_ptr<Pending> pending);
  Result<> listen(const std::shared_ptr<Pending>& pending);
  bool listen_again(const std::shared_ptr<Pending>& pending, SignInRequest request);
  LoopbackListener::OnAnswer answer_to(const std::shared_ptr<Pending>& pending);
  Result<LoopbackListener> listener_for(const OAuthServer& server);
  Started started(const Pending& pending) const;
  awaitable<> poll_device(std::shared_ptr<Pending> pending);
  awaitable<> expire(std::shared_ptr<Pending> pending);
  // Whether the token could be kept now; asked before a code, which serves once, is sent.
  awaitable<bool> can_keep_token(std::shared_ptr<Pending> pending);
  awaitable<> exchange(std::shared_ptr<Pending> pending, SharedSecret code);
  awaitable<> finish(std::shared_ptr<Pending> pending, std::shared_ptr<const TokenPair> pair);
  void on_redirect(std::shared_ptr<Pending> pending, RedirectAnswer answer);
  void fail(Pending& pending, Error error);
  void settle(Pending& pending, Outcome outcome);
  Result<std::shared_ptr<Pending>> find(const std::string& id) const;
  static Outcome outcome_of(const Pending& pending);

  asio::any_io_executor executor_;
  Registry& registry_;
  Connections& connections_;
  OAuthApps& apps_;
  OAuthClient& oauth_;
  EventHub& events_;
  const Settings& settings_;
  const Clock& clock_;
  std::map<std::string, std::shared_ptr<Pending>> all_;
  static constexpr std::string_view saved_kind = "sign-in";
  std::unique_ptr<MemoryImage> at_stop_;              // what outlives the restart, once it stops
  std::map<unsigned short, LoopbackListener> fixed_;  // by port: sign-ins of one app share it
};

}  // namespace forgelink
