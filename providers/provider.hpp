// SPDX-License-Identifier: MIT
// What a forge is: mostly data, and functions where forges differ.
//
// One `const Provider` per connection type, in forges/*.cpp; `registry.cpp` lists them in order. A
// self-hosted server is an address in a connection, not another provider. Functions run on the event loop and
// ask the forge through the http::Client they are given, with the token they are given.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "providers/http/http.hpp"

namespace forgelink {

// Where a type's servers are, if not where they usually are: tests and mirrors ([endpoints.*] of the
// settings).
struct Endpoints {
  std::string github_web = "https://github.com";
  std::string github_api = "https://api.github.com";
  std::string gitlab_root = "https://gitlab.com";
  std::string bitbucket_web = "https://bitbucket.org";
  std::string bitbucket_api = "https://api.bitbucket.org/2.0";
  std::string azure_root = "https://dev.azure.com";
  std::string azure_profile = "https://app.vssps.visualstudio.com";

  bool operator==(const Endpoints&) const = default;
};

// What of a connection a forge needs to know. A view made for one question; token shared with whoever asks.
struct Target {
  const Endpoints* endpoints = nullptr;
  std::string connection;  // its id: questions of one connection wait for each other's rate limit
  std::optional<std::string> username, email, server_url, organization;
  std::optional<std::string> login;  // the account's name, once verified
  bool oauth = false;                // the token came from a sign-in, not from the token page
  std::shared_ptr<const Secret> token;
};

struct ForgeAccount {
  std::string id;
  std::optional<std::string> login, display_name, email;
  std::vector<std::string> own_emails;  // every address known to be this account's
};

// What the forge says about a token.
struct Verification {
  std::optional<ForgeAccount> account;  // nothing: the forge knows no identity for this kind of token
  bool settled = true;                  // false: could not be verified for lack of something named in `hint`
  std::optional<std::string> hint;
  std::optional<Time> expires_at;
  std::optional<std::vector<std::string>> scopes;  // nothing where the forge does not tell
  std::vector<std::string> missing_scopes;         // of those the type needs
  std::vector<std::string> excess_scopes;          // wider than anything here needs
};

struct Repository {
  std::string id, path, name;
  bool is_private = false, archived = false;
  std::optional<std::string> default_branch, clone_url, ssh_url, web_url;
  std::optional<Time> updated_at;
};

struct Commit {
  std::string id, title, message;
  std::optional<std::string> author_name, author_email, author_username;
  std::string author_date;  // RFC 3339 with the author's own offset where the forge tells it
  std::optional<std::string> web_url;
};

// One page as the forge gives it. `next` continues it, opaque, "" at the end; `partial`: the forge itself
// says that something was left out (GitHub: organisations without single sign-on). `ahead`: the continuations
// that will follow `next`, as far as they can be told already; they may be asked side by side, and lead to
// empty pages if the list ends before them. `whole`: the list has no pages; these are all of it in the order
// of their paths, and a path leads to what comes behind it. `notice`: a sentence about the list.
template <class T>
struct Page {
  std::vector<T> items;
  std::string next;
  bool partial = false;
  std::vector<std::string> ahead = {};
  bool whole = false;
  std::string notice = {};
};

struct CommitQuery {
  std::string repository;  // as a person names it: path, id, or any URL of it
  std::string branch;      // "" = the default branch
};

// What a person fills in to make a connection of this type.
struct Field {
  std::string_view name, label;
  bool required = false, secret = false;
  std::string_view help;
};

struct Scope {
  std::string_view scope, needed_for;
  bool required = true;
};

struct Notice {
  std::string_view date, text, url;
};

// What git is to send for a token of this kind.
struct GitLogin {
  std::string username;
};

struct Provider {
  std::string_view id, label;
  std::vector<Field> fields;
  bool oauth_sign_in = false;
  std::vector<Scope> scopes;
  std::vector<Notice> notices;
  bool self_hosted = false;  // server_url required

  // The page where this type's token is made, prefilled where the forge allows.
  std::string (*token_page)(const Target& target);

  // Looks at a token's shape only: an app password, another forge's prefix. The error to refuse it with, if
  // any.
  std::optional<Error> (*token_trouble)(std::string_view token);

  // The web roots under which this connection's repositories are cloned by HTTPS, as "https://github.com",
  // "https://git.example/sub", "https://dev.azure.com/org". What git asks for must lie at or below one of
  // them. They follow from the endpoints, the server's address and the organisation alone.
  std::vector<std::string> (*git_roots)(const Target& target);

  GitLogin (*git_login)(const Target& target);

  awaitable<Result<Verification>> (*verify)(http::Client& client, Target target);
  awaitable<Result<Page<Repository>>> (*repositories)(http::Client& client, Target target, std::string next,
                                                      std::size_t limit);
  awaitable<Result<Page<Commit>>> (*commits)(http::Client& client, Target target, CommitQuery query,
                                             std::string next, std::size_t limit);
};

// All six, in the order in which they are shown.
std::span<const Provider> providers();

// nullptr if there is no such type.
const Provider* find_provider(std::string_view id);

}  // namespace forgelink
