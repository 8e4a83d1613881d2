// SPDX-License-Identifier: MIT
// A connection as clients see it: what `connection.*` replies and events carry. Never holds a token.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace forgelink::protocol {

struct AccountView {
  std::string id;
  std::optional<std::string> login, display_name, email;

  void fields(auto& f) {
    f.required("id", id, "The forge's own stable id of the account.");
    f.optional("login", login, "The account's name on the forge.");
    f.optional("display_name", display_name, "The name the account shows.");
    f.optional("email", email, "The account's address, where the forge tells it.");
  }
};

struct TokenView {
  std::string state;
  std::optional<Time> expires_at;
  std::optional<std::vector<std::string>> scopes;
  std::vector<std::string> missing_scopes, excess_scopes;
  std::optional<Time> stored_at;
  std::optional<std::string> stored_in;
  bool can_renew = false;

  void fields(auto& f) {
    f.required(
        "state", state,
        "missing, unverified, valid, expired, rejected, or unavailable (its store cannot be reached).");
    f.optional("expires_at", expires_at, "When it ends; null if it does not or nobody knows.");
    f.optional("scopes", scopes, "What it may do; null where the forge does not tell.");
    f.required("missing_scopes", missing_scopes, "Scopes that the type needs and the token lacks.");
    f.required("excess_scopes", excess_scopes, "Scopes it has that nothing here needs.");
    f.optional("stored_at", stored_at, "When it was stored.");
    f.optional("stored_in", stored_in,
               "secret-service, or memory: then it ends with the daemon. Null without a token.");
    f.required("can_renew", can_renew, "Whether token.renew can trade it for a new one.");
  }
};

struct WarningView {
  std::string date, text, url;

  void fields(auto& f) {
    f.required("date", date, "The date of the change.");
    f.required("text", text, "What changes.");
    f.required("url", url, "Where to read more, or what to do.");
  }
};

struct CommitIdentityView {
  std::optional<std::string> name, email;

  void fields(auto& f) {
    f.optional("name", name, "The name.");
    f.optional("email", email, "The address; the forge's private commit address, where there is one.");
  }
};

struct ConnectionView {
  std::string id, name, type;
  std::optional<std::string> username, email, server_url, organization;
  std::string sign_in, retention, access;
  TokenView token;
  std::optional<AccountView> account;
  std::optional<std::string> hint, commit_name, commit_email;
  std::optional<CommitIdentityView> commit_proposal;
  std::optional<Time> verified_at, last_used_at;
  std::int64_t repositories_used = 0;
  Time created_at{}, updated_at{};
  std::optional<std::vector<WarningView>> warnings;
  std::optional<std::string> policy_forbids;

  void fields(auto& f) {
    f.required("id", id, "Its id, which never changes.");
    f.required("name", name, "Its name, unique without regard to case.");
    f.required("type", type, "Its type, as in type.list.");
    f.optional("username", username, "The user name on the forge.");
    f.optional("email", email, "Bitbucket: the Atlassian account's address.");
    f.optional("server_url", server_url, "The server of a self-hosted type.");
    f.optional("organization", organization, "Azure DevOps: the organization.");
    f.required("sign_in", sign_in, "pat or oauth.");
    f.required("retention", retention, "keep or session.");
    f.required("access", access, "allow, or ask: the user is asked before its token is used.");
    f.required("token", token, "The state of the token; never the token itself.");
    f.optional("account", account, "The token's account; null until verified.");
    f.optional("hint", hint, "What the user can do about its state.");
    f.optional("commit_name", commit_name, "The name that commits made with it shall have.");
    f.optional("commit_email", commit_email, "Their address.");
    f.absent("commit_proposal", commit_proposal, "A proposal for both, from the account.");
    f.optional("verified_at", verified_at, "When the forge last said that the token is good.");
    f.optional("last_used_at", last_used_at, "When git last used it.");
    f.required("repositories_used", repositories_used, "How many repositories git used it for.");
    f.required("created_at", created_at, "When it was created.");
    f.required("updated_at", updated_at, "When it was last changed.");
    f.optional("policy_forbids", policy_forbids,
               "Why the administrator's policy forbids it, as a sentence; null if it does not.");
    f.absent("warnings", warnings, "Announced changes of the forge that may affect this connection.");
  }
};

}  // namespace forgelink::protocol
