// SPDX-License-Identifier: MIT
#include "daemon/model/connection_rules.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>

#include "base/text.hpp"
#include "providers/typed_fields.hpp"
#include "storage/name_key.hpp"

namespace forgelink {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\u00a0") == std::string_view::npos; }

Result<> check_name(const std::string& name) {
  const auto length = code_points(name);
  if (!length) return invalid("name", "The name is not valid UTF-8 text.");
  if (is_blank(name)) return invalid("name", "The name is empty.");
  if (*length > 100)
    return invalid("name", fmt::format("The name has {} characters; at most 100 are allowed.", *length));
  if (has_control_code_point(name)) return invalid("name", "The name holds a control character.");
  return check_no_token(name, "name");
}

Result<> check_commit_identity(Connection& connection) {
  for (const auto& [field, value] : {std::pair("commit_name", &connection.commit_name),
                                     std::pair("commit_email", &connection.commit_email)}) {
    Result<> text = normalise_text(*value, field);
    if (!text) return text;
  }
  // git takes these out of an identity (ident.c), and what is left would be another one.
  if (connection.commit_email && connection.commit_email->find_first_of("<> \t") != std::string::npos)
    return invalid("commit_email", "This is no address that git can write into a commit.");
  if (connection.commit_name && connection.commit_name->find_first_of("<>") != std::string::npos)
    return invalid("commit_name", "This is no name that git can write into a commit: it holds < or >.");
  return {};
}

}  // namespace

Result<const Provider*> check_type(std::string_view type) {
  if (const Provider* provider = find_provider(type)) return provider;
  std::string all;
  for (const Provider& provider : providers())
    all += fmt::format("{}{}", all.empty() ? "" : ", ", provider.id);
  return invalid("type", "There is no such type of connection.", fmt::format("The types are {}.", all));
}

Result<> check_connection(Connection& connection, const Endpoints& endpoints) {
  const auto begin = connection.name.find_first_not_of(' ');
  if (begin != std::string::npos)
    connection.name = connection.name.substr(begin, connection.name.find_last_not_of(' ') - begin + 1);
  Result<> name = check_name(connection.name);
  if (!name) return name;
  Result<const Provider*> found = check_type(connection.type);
  if (!found) return found.error();
  const Provider& provider = **found;

  const bool by_sign_in = connection.sign_in == SignIn::oauth;
  if (by_sign_in && provider.oauth == nullptr) {
    return Error{
        .code = Errc::sign_in_unsupported,
        .message = fmt::format("{} has no sign-in; it takes a personal access token.", provider.label),
        .field = "sign_in"};
  }
  TypedFields fields{.username = std::move(connection.username),
                     .email = std::move(connection.email),
                     .server_url = std::move(connection.server_url),
                     .organization = std::move(connection.organization)};
  Result<> normal = normalise(provider, fields, endpoints, connection.allow_http, by_sign_in);
  connection.username = std::move(fields.username);
  connection.email = std::move(fields.email);
  connection.server_url = std::move(fields.server_url);
  connection.organization = std::move(fields.organization);
  return normal ? check_commit_identity(connection) : normal;
}

Result<SharedSecret> check_token(const Provider& provider, const Secret& pasted) {
  std::string_view token = pasted.reveal();
  token = trimmed(token);
  if (token.empty()) return invalid("token", "The token is empty.");
  const bool foreign =
      std::any_of(token.begin(), token.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; });
  if (foreign) {
    return invalid("token", "The token has a space, a newline or another character inside that no token has.",
                   "Copy it again, as one piece.");
  }
  if (std::optional<Error> more = more_than_a_token(token)) return *std::move(more);
  if (std::optional<Error> trouble = provider.token_trouble(token)) return *std::move(trouble);
  return std::make_shared<const Secret>(token);
}

bool takes_account_name(const Connection& connection) {
  const Provider* provider = find_provider(connection.type);
  return provider != nullptr && connection.sign_in == SignIn::oauth &&
         std::any_of(provider->fields.begin(), provider->fields.end(),
                     [](const Field& field) { return field.name == "username" && field.required; });
}

Target target_of(const Connection& connection, const Endpoints& endpoints, SharedSecret token) {
  return {.endpoints = &endpoints,
          .connection = connection.id.text(),
          .username = connection.username,
          .email = connection.email,
          .server_url = connection.server_url,
          .organization = connection.organization,
          .login = connection.account ? connection.account->login : std::nullopt,
          .oauth = connection.sign_in == SignIn::oauth,
          .without_identity = !connection.account && connection.hint.has_value(),
          .token = std::move(token)};
}

namespace {

// GitHub's header and GitLab's `expires_at` have named days on which the token was still taken, and the
// machine's clock may be ahead: no date overrules the forge's own yes.
void apply_expiry(Connection& connection, const Verification& verification, Time now) {
  // The end of a sign-in's pair came with the pair; what a header says is about personal tokens.
  if (connection.sign_in == SignIn::oauth) return;
  TokenMetadata& token = connection.token;
  const auto is_over = [&](const std::optional<Time>& date) {
    return date && *date <= now && verification.settled;
  };
  if (is_over(verification.expires_at)) {
    spdlog::warn("the forge takes the token of \"{}\" and says that it ended on {}; the date is ignored",
                 connection.name, rfc3339(*verification.expires_at));
  } else if (verification.expires_at) {
    if (token.expires_at != verification.expires_at) token.notices_given.clear();
    token.expires_at = verification.expires_at;
    token.expiry_typed = false;
  }
  if (is_over(token.expires_at)) {
    spdlog::warn("the forge takes the token of \"{}\" after {}; the date is ignored", connection.name,
                 rfc3339(*token.expires_at));
    token.expires_at.reset();
    token.expiry_typed = false;
    token.notices_given.clear();
  }
}

}  // namespace

void apply(Connection& connection, const Verification& verification, Time now) {
  TokenMetadata& token = connection.token;
  token.state = verification.settled ? TokenState::valid : TokenState::unverified;
  token.scopes = verification.scopes;
  token.missing_scopes = verification.missing_scopes;
  token.excess_scopes = verification.excess_scopes;
  apply_expiry(connection, verification, now);
  connection.hint = verification.hint;
  if (verification.settled) connection.verified_at = now;
  if (verification.account) {
    connection.account = Account{.id = verification.account->id,
                                 .login = verification.account->login,
                                 .display_name = verification.account->display_name,
                                 .email = verification.account->email};
  }
}

Error dated(Error refusal, const Connection& connection, Time now) {
  const bool past = connection.token.expires_at && *connection.token.expires_at <= now;
  if (refusal.code == Errc::token_rejected && past) {
    refusal.code = Errc::token_expired;
    refusal.message = fmt::format("The token expired on {}, and the forge refuses it.",
                                  rfc3339(*connection.token.expires_at));
  }
  return refusal;
}

bool profile_changed(const Connection& before, const Connection& after) {
  const auto& fields = find_provider(after.type)->verified_fields;
  const auto is_verified = [&](std::string_view field) {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  };
  return (after.username != before.username && is_verified("username")) ||
         (after.email != before.email && is_verified("email"));
}

Result<> check_account(const Connection& connection, const Verification& verification) {
  if (!connection.account || !verification.account || connection.account->id == verification.account->id)
    return {};
  const auto shown = [](const auto& account) {
    const auto text = [](const std::optional<std::string>& value) {
      return value ? boost::json::value(*value) : boost::json::value();
    };
    return boost::json::object{{"id", account.id},
                               {"login", text(account.login)},
                               {"display_name", text(account.display_name)},
                               {"email", text(account.email)}};
  };
  const auto called = [](const auto& account) {
    return account.login.value_or(account.display_name.value_or(account.id));
  };
  return Error{
      .code = Errc::account_changed,
      .message = fmt::format("“{}” belongs to the account {}, but this is a token of {}.", connection.name,
                             called(*connection.account), called(*verification.account)),
      .hint =
          "If the connection is to change hands, say so (accept_account_change, --accept-account-change).",
      .details = {{"account", shown(*verification.account)}, {"was", shown(*connection.account)}}};
}

}  // namespace forgelink
