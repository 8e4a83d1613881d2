// SPDX-License-Identifier: MIT
// What a forge is: mostly data, and functions where forges differ. Whatever is particular to a forge is asked
// of its Provider; no code outside providers/forges/ compares a type's id.
//
// The story of a connection, in the order in which it asks its provider:
//   1. A client draws a form from `fields`, `scopes`, `notices` and `token_page` (type.list).
//   2. What was typed is brought into its normal form and checked (typed_fields.hpp): `server_root`,
//      `refuse_server`, `check_fields`, and `token_trouble` for the token's shape.
//   3. `verify` asks the forge whose token it is. A change of `verified_fields` asks anew.
//   4. git names an address: `git_roots`, the case rules and the placeholder names decide whether the
//   connection
//      fits, `git_login` what git is told.
//   5. `repositories` and `commits` are listed page by page.
//
// One `const Provider` per connection type, made once by forges/<family>/; `registry.cpp` lists them in
// order. A self-hosted server is an address in a connection, not another provider. Providers live as long as
// the program. Functions run on the event loop and ask the forge through the http::Client they are given,
// with the token they are given; the client must outlive them. A new forge: docs/adding-a-forge.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/url.hpp"
#include "providers/endpoints.hpp"
#include "providers/forge_api.hpp"
#include "providers/http/http.hpp"
#include "providers/recognition.hpp"

namespace forgelink {

// What of a connection a forge needs to know. A view made for one question; token shared with whoever asks.
struct Target {
  const Endpoints* endpoints = nullptr;
  std::string connection;  // its id: questions of one connection wait for each other's rate limit
  std::optional<std::string> username, email, server_url, organization;
  std::optional<std::string> login;  // the account's name, once verified
  bool oauth = false;                // the token came from a sign-in, not from the token page
  bool without_identity = false;     // the forge was asked, and knows nobody behind the token
  SharedSecret token;
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

// What a forge does not tell stays nothing: "not told" is neither yes nor no.
struct Repository {
  std::string id, path, name;
  std::optional<bool> is_private, archived;
  std::optional<std::string> default_branch, clone_url, ssh_url, web_url;
  std::optional<Time> updated_at;
};

struct Commit {
  std::string id, title, message;
  std::optional<std::string> author_name, author_email, author_username;
  std::string author_date;  // RFC 3339 with the author's own offset where the forge tells it
  std::optional<std::string> web_url;
  bool message_truncated = false;  // the forge gave the beginning of the message only
};

// One page as the forge gives it. `next` continues it, opaque, "" at the end; `partial`: the forge itself
// says that something was left out (GitHub: organisations without single sign-on). `ahead`: the continuations
// that will follow `next`, as far as they can be told already; they may be fetched concurrently, and lead to
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
  // Ask for each message that the list cuts, one request per commit. Otherwise a list costs its pages.
  bool full_messages = false;
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
  std::string username;      // holds no colon (RFC 7617, section 2)
  bool bearer_only = false;  // the forge refuses the token in Basic: git has to understand `authtype` (2.46)
};

// Whether names that differ only in the case of their letters are one name to the forge.
enum class Case { exact, ignored };

// What a person typed about where the forge is and who they are there. Blanks are off already; an empty field
// is no field.
struct TypedFields {
  std::optional<std::string> username, email, server_url, organization;
};

struct OAuthDialect;
struct Revocation;
struct Rotation;

struct Provider {
  std::string_view id, label;
  std::vector<Field> fields;
  const OAuthDialect* oauth = nullptr;     // null: no sign-in by OAuth
  const Revocation* revocation = nullptr;  // null: a token ends only on the forge's page
  const Rotation* rotation = nullptr;      // null: a personal token cannot renew itself
  std::vector<Scope> scopes;
  std::vector<Notice> notices;
  bool self_hosted = false;      // server_url required
  bool default_sign_in = false;  // the type of a sign-in that names none; one provider has it

  // A cloud type's addresses, which the settings may replace: [endpoints.ID].
  std::vector<Endpoint> endpoints = {};

  // How the address of a self-hosted server looks: "https://git.example or https://host/sub-path".
  std::string_view server_example = {};

  // Cuts the address of one of the server's pages, in normal form, to the server's root. Returns
  // `invalid_params` on `server_url`, with a hint at the right address, where it cannot. Null: any address is
  // a root.
  Result<std::string> (*server_root)(const WebAddress& address) = nullptr;

  // A cloud type's refusal of any server but its own; null for the general sentence.
  Error (*refuse_server)() = nullptr;

  // Is the address, as typed for another type, certainly one of this forge's? The error to refuse it with.
  std::optional<Error> (*claims_server)(std::string_view typed) = nullptr;

  // Further rules of the fields, after the general ones: brings them into their normal form. Null: none.
  Result<> (*check_fields)(TypedFields& fields, const Endpoints& endpoints) = nullptr;

  // Fields whose change makes a verified token unverified, beside `server_url` and `organization`.
  std::vector<std::string_view> verified_fields = {};

  // How user names, the paths of `git_roots` and the paths of repositories below them are compared.
  Case username_case = Case::ignored;
  Case root_case = Case::exact;
  Case repository_case = Case::ignored;

  // The forge writes the organization where others write the user: https://ORG@host/ORG/…
  bool organization_as_username = false;

  Recognition recognition = {};

  // The address by which the forge recognizes commits of the account without telling anybody the real one.
  // `host` is that of a self-hosted server, else "". Null: the forge has none.
  std::string (*noreply_email)(std::string_view host, std::string_view account_id,
                               std::string_view login) = nullptr;

  // The page where this type's token is made, prefilled where the forge allows.
  std::string (*token_page)(const Target& target);

  // Looks at a token's shape only: an app password, another forge's prefix. The error to refuse it with, if
  // any.
  std::optional<Error> (*token_trouble)(std::string_view token);

  // The web roots under which this connection's repositories are cloned by HTTPS, as "https://github.com",
  // "https://git.example/sub", "https://dev.azure.com/org". What git asks for must lie at or below one of
  // them. They follow from the endpoints, the server's address and the organization alone.
  std::vector<std::string> (*git_roots)(const Target& target);

  GitLogin (*git_login)(const Target& target);

  ForgeApi api;

  // Does the reply bear the forge's own marks? Only such a 401 says something about the token; a proxy's or a
  // gateway's does not. Null: cannot be told, and every answer counts as the forge's.
  bool (*marks_own_answer)(const http::Reply& reply) = nullptr;

  awaitable<Result<Verification>> (*verify)(http::Client& client, Target target);
  awaitable<Result<Page<Repository>>> (*repositories)(http::Client& client, Target target, std::string next,
                                                      std::size_t limit);
  awaitable<Result<Page<Commit>>> (*commits)(http::Client& client, Target target, CommitQuery query,
                                             std::string next, std::size_t limit);
};

// All of them, in the order in which they are shown.
std::span<const Provider> providers();

// nullptr if there is no such type.
const Provider* find_provider(std::string_view id);

// The type of a sign-in that names none.
const Provider& default_sign_in_provider();

// True if the type's form has a field of that name.
bool has_field(const Provider& provider, std::string_view name);

}  // namespace forgelink
