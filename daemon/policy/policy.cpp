// SPDX-License-Identifier: MIT
#include "daemon/policy/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

bool lists_word(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "git.example:8443" without its port; an IPv6 literal keeps its brackets.
std::string_view host_without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos) return host;
  return host.substr(0, colon);
}

std::string lifetime_in_words(std::chrono::seconds time) {
  const auto days = std::chrono::duration_cast<std::chrono::hours>(time).count() / 24;
  if (days > 0) return fmt::format("{} day{}", days, days == 1 ? "" : "s");
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(time).count();
  if (hours > 0) return fmt::format("{} hour{}", hours, hours == 1 ? "" : "s");
  return fmt::format("{} s", time.count());
}

// The host that git clones from: the first root's.
std::string clone_host_of(const Provider& provider, const Connection& connection,
                          const Endpoints& endpoints) {
  const Target target{
      .endpoints = &endpoints, .server_url = connection.server_url, .organization = connection.organization};
  const std::vector<std::string> roots = provider.git_roots(target);
  const auto origin = roots.empty() ? std::nullopt : origin_of(roots.front());
  return origin ? origin->authority() : "";
}

}  // namespace

const PolicyApp* Policy::app(std::string_view type, const std::optional<std::string>& server_url) const {
  const auto find = [&](const auto& fits) -> const PolicyApp* {
    const auto found = std::find_if(apps.begin(), apps.end(), fits);
    return found == apps.end() ? nullptr : &*found;
  };
  const PolicyApp* of_server = nullptr;
  if (server_url)
    of_server =
        find([&](const PolicyApp& one) { return !one.server_url.empty() && one.server_url == *server_url; });
  if (of_server != nullptr) return of_server;
  return find([&](const PolicyApp& one) { return !one.type.empty() && one.type == type; });
}

bool Policy::allows_host(std::string_view host) const {
  if (!allowed_hosts) return true;
  const std::string asked = lower_case(host);
  const std::string_view name = host_without_port(asked);
  // git leaves the usual port out; a policy may name it.
  const bool usual_port = name.size() == asked.size();
  return lists_word(*allowed_hosts, asked) || lists_word(*allowed_hosts, name) ||
         (usual_port && lists_word(*allowed_hosts, asked + ":443"));
}

std::optional<std::string> Policy::forbids(const Provider& provider, const Endpoints& endpoints) const {
  if (allowed_types && !lists_word(*allowed_types, provider.id))
    return fmt::format("The policy of this computer does not allow connections to {}.", provider.label);
  const std::string host = provider.self_hosted ? "" : clone_host_of(provider, Connection(), endpoints);
  if (!host.empty() && !allows_host(host))
    return fmt::format("The policy of this computer does not allow the host {}.", host);
  if (provider.self_hosted && allowed_hosts && allowed_hosts->empty())
    return "The policy of this computer allows no host at all.";
  if (!pat && provider.oauth == nullptr)
    return fmt::format("The policy of this computer allows no personal access tokens, and {} has no sign-in.",
                       provider.label);
  return std::nullopt;
}

std::optional<std::string> Policy::forbids_token(const Connection& connection, const Provider& provider,
                                                 Time now) const {
  if (!longest_lifetime || connection.sign_in == SignIn::oauth) return std::nullopt;
  if (connection.token.state == TokenState::missing) return std::nullopt;
  const std::string longest = lifetime_in_words(*longest_lifetime);
  if (!connection.token.expires_at) {
    if (has_field(provider, "expires_at"))
      return fmt::format(
          "The policy of this computer requires an expiry date for each token, at most {} from now.",
          longest);
    return fmt::format("The policy of this computer allows no token without an end; the longest life is {}.",
                       longest);
  }
  if (*connection.token.expires_at <= now + *longest_lifetime) return std::nullopt;
  return fmt::format("The policy of this computer allows tokens that end within {}; this one ends on {}.",
                     longest, rfc3339(*connection.token.expires_at));
}

std::optional<std::string> Policy::forbids(const Connection& connection, const Endpoints& endpoints, Time now,
                                           Extent extent) const {
  if (!exists()) return std::nullopt;
  const Provider* provider = find_provider(connection.type);
  if (provider == nullptr) return std::nullopt;
  if (allowed_types && !lists_word(*allowed_types, provider->id))
    return fmt::format("The policy of this computer does not allow connections to {}.", provider->label);
  const std::string host = clone_host_of(*provider, connection, endpoints);
  if (!host.empty() && !allows_host(host))
    return fmt::format("The policy of this computer does not allow the host {}.", host);
  if (!pat && extent != Extent::git && connection.sign_in == SignIn::pat)
    return "The policy of this computer allows no personal access tokens; sign in instead.";
  if (retention && connection.retention != *retention)
    return "The policy of this computer requires tokens to end with the login session.";
  return extent == Extent::place ? std::nullopt : forbids_token(connection, *provider, now);
}

Error Policy::refusal(std::string sentence) const {
  Error error{.code = Errc::policy_forbids, .message = std::move(sentence)};
  if (!contact.empty()) {
    error.hint = contact;
    error.details["contact"] = contact;
  }
  return error;
}

Result<> Policy::check(const Connection& connection, const Endpoints& endpoints, Time now,
                       Extent extent) const {
  std::optional<std::string> sentence = forbids(connection, endpoints, now, extent);
  if (!sentence) return {};
  return refusal(*std::move(sentence));
}

std::shared_ptr<const Policy> no_policy() {
  static const auto none = std::make_shared<const Policy>();
  return none;
}

}  // namespace forgelink
