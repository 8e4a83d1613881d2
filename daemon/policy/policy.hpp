// SPDX-License-Identifier: MIT
// The administrator's policy (/etc/forgelink/policy.toml): allowed forges, ways to sign in, lifetime of
// tokens. Says whether a connection is allowed; the caller refuses.
//
// A plain value, read once at start (policy_file.hpp) and never changed. The empty one allows everything.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "providers/provider.hpp"
#include "storage/connection.hpp"

namespace forgelink {

// A sign-in app that the administrator made for everybody: of a type, or of one self-hosted server.
struct PolicyApp {
  std::string type;        // "" with a server
  std::string server_url;  // "" with a type
  std::string client_id;
  std::optional<std::uint16_t> redirect_port;
  std::optional<std::string> tenant;

  bool operator==(const PolicyApp&) const = default;
};

struct Policy {
  std::string file;  // "": there is none
  std::string contact;
  std::optional<std::vector<std::string>> allowed_types, allowed_hosts;  // an empty list allows nothing
  bool pat = true;
  std::optional<std::chrono::seconds> longest_lifetime;  // of a token, from now
  std::optional<Retention> retention;
  bool ask = false;  // access = "ask": no token leaves without a person's yes
  std::vector<PolicyApp> apps;

  bool operator==(const Policy&) const = default;

  bool exists() const { return !file.empty(); }

  // The app of that server, else of that type. Null if the policy has none.
  const PolicyApp* app(std::string_view type, const std::optional<std::string>& server_url) const;

  // "git.example" and "git.example:8443", as git says it: is the host among the allowed ones?
  bool allows_host(std::string_view host) const;

  // Why nobody may make a connection of that type, a sentence; nothing if somebody may.
  std::optional<std::string> forbids(const Provider& provider, const Endpoints& endpoints) const;

  // How much of the frame counts: `place` is before the forge was asked, when nobody knows how long the token
  // lives; `git` lets a personal access token that was there before `pat = false` serve git.
  enum class Extent { whole, place, git };

  // Why the connection is outside the frame, a sentence; nothing if it is within.
  std::optional<std::string> forbids(const Connection& connection, const Endpoints& endpoints, Time now,
                                     Extent extent = Extent::whole) const;

  // The same as `policy_forbids` with the policy's contact.
  Result<> check(const Connection& connection, const Endpoints& endpoints, Time now,
                 Extent extent = Extent::whole) const;
  Error refusal(std::string sentence) const;

 private:
  std::optional<std::string> forbids_token(const Connection& connection, const Provider& provider,
                                           Time now) const;
};

// The empty one, shared by all who have none.
std::shared_ptr<const Policy> no_policy();

}  // namespace forgelink
