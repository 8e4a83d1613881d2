// SPDX-License-Identifier: MIT
#include "daemon/git/git_credentials.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/shell_word.hpp"
#include "daemon/model/connection_view.hpp"
#include "providers/http/basic.hpp"

namespace forgelink {
namespace {

constexpr std::chrono::milliseconds patience_of_git{2'000};

// `name`: the connection it is about; said unless the sentence says it already.
GitAnswer refusal(const Error& error, bool quit, const std::string& name = {}) {
  GitAnswer answer;
  answer.quit = quit;
  answer.message = error.hint.empty() ? error.message : error.message + " " + error.hint;
  if (const std::string said = "“" + name + "”";
      !name.empty() && answer.message.find(said) == std::string::npos)
    answer.message = said + ": " + answer.message;
  return answer;
}

// The user can correct the rest at git's own prompt.
bool ends_git(Errc code) {
  return code == Errc::keyring_locked || code == Errc::keyring_unavailable || code == Errc::locked ||
         code == Errc::access_denied || code == Errc::too_busy;
}

void unwrap_basic(GitCredential& credential) {
  if (!credential.password && credential.credential && credential.authtype == "Basic") {
    credential.password = http::password_of_basic(*credential.credential);
  }
}

// A token that the forge takes as Bearer only, and a git that can send Basic only.
Error bearer_only(std::string_view label) {
  return {.code = Errc::invalid_params,
          .message =
              fmt::format("{} accepts this token only as a Bearer token, which git sends since 2.46.", label),
          .hint = "Use a newer git, or a token of a person."};
}

// One name for one repository, however its address is written: o/r, /o/r.git, O/R.git/info/lfs. Git without
// useHttpPath tells the host only.
std::string repository_of(const GitAddress& address) {
  std::string_view path = address.path ? std::string_view(*address.path) : std::string_view();
  if (const auto lfs = path.find("/info/lfs"); lfs != std::string_view::npos) path = path.substr(0, lfs);
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  if (path.empty()) return address.host;
  std::string name(path);
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return name;
}

// The one of these that is meant: the chosen one, else the only candidate among them.
std::optional<ConnectionId> lent_one(const GitChoice& choice, const std::set<ConnectionId>& lent) {
  if (choice.connection && lent.contains(*choice.connection)) return choice.connection;
  std::vector<ConnectionId> fitting = choice.candidates.all();
  std::erase_if(fitting, [&](ConnectionId id) { return !lent.contains(id); });
  return fitting.size() == 1 ? std::optional(fitting.front()) : std::nullopt;
}

}  // namespace

awaitable<GitAnswer> GitCredentials::get(GitCredential asked) {
  if (asked.address.protocol.empty() || asked.address.host.empty()) co_return GitAnswer();
  GitChoice choice = rules_.choose(asked.address);
  if (asked.only) {
    // On a lent socket there are no others, so neither are rules for them, nor stored credentials.
    choice.connection = lent_one(choice, *asked.only);
    if (!choice.connection) co_return GitAnswer();
  }
  if (choice.connection) {
    const ConnectionId id = *choice.connection;
    GitAnswer answer = co_await answer_for(id, std::move(asked));
    co_return answer;
  }
  if (!choice.candidates.empty()) {
    co_return refusal(
        {.code = Errc::ambiguous_connection, .message = rules_.ambiguity(choice, asked.address)}, true);
  }
  GitAnswer stored = co_await stored_credentials_.find(asked);
  const bool nothing = !stored.password && !stored.credential && stored.message.empty();
  // git goes on and asks the person, who is to know why.
  if (nothing) stored.message = rules_.held_back(asked.address);
  co_return stored;
}

std::optional<GitAnswer> GitCredentials::forbidden(ConnectionId id, const GitAddress& address) const {
  const Connection* connection = registry_.find(id);
  const Policy& policy = *settings_.policy;
  if (connection == nullptr || !policy.exists()) return std::nullopt;
  auto sentence = policy.forbids(*connection, settings_.endpoints, clock_.now(), Policy::Extent::git);
  // A connection has more hosts than the one it is matched by: gist.github.com beside github.com.
  if (!sentence && !policy.allows_host(address.host))
    sentence = fmt::format("The policy of this computer does not allow the host {}.", address.host);
  if (!sentence) return std::nullopt;
  return refusal(policy.refusal(*std::move(sentence)), false, connection->name);
}

awaitable<GitAnswer> GitCredentials::answer_for(ConnectionId id, GitCredential asked) {
  if (auto no = forbidden(id, asked.address)) co_return *std::move(no);
  AccessRequest request{.connection = id,
                        .action = asked.only ? AccessAction::lend : AccessAction::git,
                        .asker = asked.asker,
                        .directory = asked.address.directory,
                        .host = asked.address.host,
                        .path = asked.address.path.value_or(""),
                        .agreed = asked.agreed.contains(id)};
  // Only add, update and verify may raise a prompt of the keyring (docs/architecture.md 5).
  Result<SharedSecret> token = co_await gate_.token(std::move(request), Prompt::never);
  const Connection* connection = registry_.find(id);
  if (connection == nullptr) co_return GitAnswer();
  if (!token) co_return refusal(token.error(), ends_git(token.error().code), connection->name);
  registry_.note_use(id, repository_of(asked.address), clock_.now());

  const Provider* provider = find_provider(connection->type);
  const GitLogin login = provider->git_login(target_of(*connection, settings_.endpoints, *token));
  if (login.bearer_only && !asked.understands_authtype) {
    const Error no_way = bearer_only(provider->label);
    co_return refusal(no_way, false, connection->name);
  }
  GitAnswer answer;
  answer.connection = id;
  answer.password_expiry = connection->token.expires_at;
  if (asked.understands_authtype) {
    // Git stores nothing that is `ephemeral`, so no other helper ever gets a copy.
    answer.authtype = login.bearer_only ? "Bearer" : "Basic";
    answer.credential =
        login.bearer_only
            ? std::move(*token)
            : std::make_shared<const Secret>(http::basic_credentials(login.username, (*token)->reveal()));
  } else {
    answer.username = login.username;
    answer.password = std::move(*token);
  }
  co_return answer;
}

awaitable<GitExplanation> GitCredentials::explain(GitAddress address) {
  using Outcome = GitExplanation::Outcome;
  const GitChoice choice = rules_.choose(address);
  GitExplanation said{.connection = choice.connection, .rule = choice.rule};
  for (const ConnectionId& id : hosts_.on_host(address)) {
    const Connection* connection = registry_.find(id);
    if (connection == nullptr) continue;
    const bool fits = choice.candidates.contains(id);
    said.candidates.push_back(
        {.connection = id,
         .fits = fits,
         .reason = fits ? "Its host, user name and path fit." : rules_.why_not(*connection, address)});
  }
  if (!choice.connection) {
    const bool several = !choice.candidates.empty();
    const bool known = !several && stored_credentials_.has(address);
    said.outcome = several ? Outcome::ambiguous : known ? Outcome::stored : Outcome::none;
    said.reason = several ? rules_.ambiguity(choice, address) : rules_.held_back(address);
    if (known) said.reason = "No connection fits; git stored a credential for this host, and gets that.";
    if (said.reason.empty()) said.reason = "There is no connection for this host.";
    co_return said;
  }
  said.reason = why_chosen(choice, address);
  if (const auto no = forbidden(*choice.connection, address)) {
    said.outcome = Outcome::unusable;
    said.reason += " " + no->message;
    co_return said;
  }
  Result<> trouble = co_await usable(*choice.connection);
  said.outcome = trouble ? Outcome::answer : Outcome::unusable;
  if (!trouble) said.reason += " " + refusal(trouble.error(), false).message;
  co_return said;
}

std::string GitCredentials::why_chosen(const GitChoice& choice, const GitAddress& address) const {
  const Connection* connection = registry_.find(*choice.connection);
  const std::string name = connection != nullptr ? connection->name : "";
  if (const Rule* rule = choice.rule ? rules_.find(*choice.rule) : nullptr)
    return fmt::format("The rule for {} names “{}”.", in_words(*rule), name);
  GitAddress anybody = address;
  anybody.username.reset();
  if (address.username && hosts_.matching(anybody).count() > 1)
    return fmt::format("“{}” is the only connection of the user “{}”.", name, *address.username);
  return fmt::format("“{}” is the only connection that fits.", name);
}

// Would git be given its token? As `Tokens::usable`, but renews nothing.
awaitable<Result<>> GitCredentials::usable(ConnectionId id) {
  const Connection* connection = registry_.find(id);
  if (connection == nullptr) co_return connection_gone();
  const TokenState state = state_of(*connection, clock_.now());
  const std::string mend = "Configure it again with: forgelink edit " + quoted(connection->name);
  if (state == TokenState::missing)
    co_return Error{.code = Errc::token_missing, .message = "It has no token.", .hint = mend};
  if (state == TokenState::expired)
    co_return Error{.code = Errc::token_expired, .message = "Its token has expired.", .hint = mend};
  if (state == TokenState::rejected)
    co_return Error{.code = Errc::token_rejected, .message = "The forge refuses its token.", .hint = mend};
  Result<SharedSecret> stored = co_await tokens_.stored(id, Prompt::never);
  if (!stored) co_return stored.error();
  co_return Result<>();
}

awaitable<bool> GitCredentials::is_token_of(ConnectionId id, const Secret& token) {
  Result<SharedSecret> stored = co_await tokens_.stored(id, Prompt::never);
  if (!stored) co_return false;
  co_return Tokens::access_of(*stored)->equals(token);
}

awaitable<std::optional<ConnectionId>> GitCredentials::holder_of(GitAddress address, const Secret& token) {
  std::vector<ConnectionId> ids = hosts_.matching(address).all();
  // Where a forge takes any user name the one we hand out says nothing; the token itself does.
  address.username.reset();
  for (const ConnectionId& id : hosts_.matching(address).all()) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  for (const ConnectionId& id : ids) {
    const bool holds = co_await is_token_of(id, token);
    if (holds) co_return id;
  }
  co_return std::nullopt;
}

// The connections that a credential with another token may be for.
std::vector<ConnectionId> GitCredentials::takers(GitAddress address) const {
  const GitChoice choice = rules_.choose(address);
  if (choice.connection) return {*choice.connection};
  if (!choice.candidates.empty() || !address.username) return choice.candidates.all();
  // A connection that waits for its first token, and of which nobody has said whose it is, takes any user's.
  address.username.reset();
  std::vector<ConnectionId> waiting;
  for (const ConnectionId& id : hosts_.matching(address).all()) {
    const Connection* connection = registry_.find(id);
    if (!connection->username && !connection->account && !connection->token.item) waiting.push_back(id);
  }
  return waiting;
}

awaitable<Result<>> GitCredentials::store(GitCredential accepted) {
  if (accepted.address.protocol.empty() || accepted.address.host.empty()) co_return Result<>();
  unwrap_basic(accepted);
  std::vector<ConnectionId> fitting = takers(accepted.address);
  if (accepted.password) {
    GitAddress address = accepted.address;
    const std::optional<ConnectionId> holder = co_await holder_of(std::move(address), *accepted.password);
    if (holder) fitting = {*holder};
  }
  if (fitting.empty()) {
    Result<> stored = co_await stored_credentials_.remember(std::move(accepted));
    co_return stored;
  }
  // Of several nobody can tell whose token it is.
  if (!accepted.password || fitting.size() > 1) co_return Result<>();

  const Connection* connection = registry_.find(fitting.front());
  if (connection == nullptr) co_return Result<>();
  const TokenState state = state_of(*connection, clock_.now());
  // A token that is in order is not replaced by another that git happened to use.
  if (state == TokenState::valid) co_return Result<>();
  if (state == TokenState::unverified && connection->token.item) {
    const ItemId item = *connection->token.item;
    const bool ours = co_await is_token_of(fitting.front(), *accepted.password);
    if (ours) tokens_.accepted(fitting.front(), item);  // what we handed out, and the forge took it
    co_return Result<>();
  }

  // The person gave git a token that works: the connection is configured again with it. Git is kept waiting
  // for a moment only; the rest goes on behind it.
  struct Adoption {
    Signal done;
    std::optional<Result<>> outcome;
  };
  auto adoption = std::make_shared<Adoption>();
  // Parameters instead of captures: the lambda ends with this call, its coroutine does not.
  const auto adopt = [](Connections& connections, ConnectionId id, Secret token,
                        std::shared_ptr<Adoption> into) -> awaitable<> {
    Result<> outcome = co_await connections.adopt(id, std::move(token));
    if (!outcome) spdlog::warn("what git stored was not taken over: {}", outcome.error().message);
    into->outcome = std::move(outcome);
    into->done.notify();
  };
  spawn(executor_, adopt(connections_, fitting.front(), std::move(*accepted.password), adoption));
  if (!adoption->outcome) co_await adoption->done.wait(patience_of_git);
  co_return Result<>();
}

awaitable<Result<>> GitCredentials::erase(GitCredential refused) {
  if (refused.address.protocol.empty() && refused.address.host.empty()) co_return Result<>();
  unwrap_basic(refused);
  if (refused.password) {
    GitAddress address = refused.address;
    const std::optional<ConnectionId> holder = co_await holder_of(std::move(address), *refused.password);
    if (holder) {
      // Only the forge's own word makes a token refused; it is asked behind git's back.
      const auto ask = [](Connections& connections, ConnectionId asked) -> awaitable<> {
        Result<> verified = co_await connections.verify(asked, Prompt::never);
        if (!verified) spdlog::info("git had a token refused; the forge says: {}", verified.error().message);
      };
      spawn(executor_, ask(connections_, *holder));
      co_return Result<>();
    }
  }
  Result<> forgotten = co_await stored_credentials_.forget(std::move(refused));
  co_return forgotten;
}

}  // namespace forgelink
