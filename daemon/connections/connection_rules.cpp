// SPDX-License-Identifier: MIT
#include "daemon/connections/connection_rules.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "base/url.hpp"
#include "providers/server_url.hpp"
#include "storage/name_key.hpp"
#include "base/text.hpp"

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
  return {};
}

Result<> check_text(std::optional<std::string>& value, const char* field) {
  if (!value) return {};
  if (is_blank(*value)) {
    value.reset();
    return {};
  }
  if (!code_points(*value) || has_control_code_point(*value))
    return invalid(field, fmt::format("`{}` holds a character that it cannot hold.", field));
  return {};
}

bool has_field(const Provider& provider, std::string_view name) {
  return std::any_of(provider.fields.begin(), provider.fields.end(),
                     [&](const Field& field) { return field.name == name; });
}

Result<> check_server(Connection& connection, const Provider& provider, const Endpoints& endpoints) {
  if (!connection.server_url) {
    if (!provider.self_hosted) return {};
    return Error{.code = Errc::server_url_required,
                 .message = fmt::format("{} needs the address of its server.", provider.label),
                 .field = "server_url",
                 .hint = provider.id == "azure-devops-server"
                             ? "As https://server/DefaultCollection, with the collection."
                             : "As https://gitlab.example or https://host/sub-path."};
  }
  Result<std::string> normal = normal_server_url(*connection.server_url, connection.allow_http);
  if (!normal) return normal.error();
  if (provider.self_hosted) {
    if (provider.id == "azure-devops-server" && origin_of(*normal)->text() == *normal) {
      return invalid("server_url", "The address of an Azure DevOps Server ends in its collection.",
                     "As https://server/DefaultCollection or https://server:8080/tfs/DefaultCollection.");
    }
    connection.server_url = *normal;
    return {};
  }
  // A cloud type has one server: naming that one says nothing new, wherever the settings point.
  const Endpoints real;
  for (const Endpoints* known : {&endpoints, &real}) {
    const Target plain{.endpoints = known, .organization = connection.organization};
    const auto own = origin_of(provider.git_roots(plain).front());
    if (own && origin_of(*normal) == own) {
      connection.server_url.reset();
      return {};
    }
  }
  if (provider.id == "bitbucket") {
    return Error{
        .code = Errc::bitbucket_on_premise_unsupported,
        .message = "Bitbucket on premises (Server, Data Center) is not supported, only bitbucket.org.",
        .field = "server_url"};
  }
  return invalid("server_url", fmt::format("{} has no server of its own to name.", provider.label),
                 provider.id == "gitlab" ? "For a GitLab of your own take the type gitlab-self-managed."
                 : provider.id == "azure-devops"
                     ? "For a server of your own take the type azure-devops-server."
                     : "GitHub Enterprise Server is not supported.");
}

Result<> check_organization(Connection& connection, const Endpoints& endpoints) {
  if (!connection.organization) return {};
  std::string& organization = *connection.organization;
  // People paste the address as well.
  for (const std::string& prefix :
       {endpoints.azure_root + "/", std::string("https://dev.azure.com/"), std::string("dev.azure.com/")}) {
    if (organization.starts_with(prefix)) organization.erase(0, prefix.size());
  }
  while (organization.ends_with('/')) organization.pop_back();
  const bool good = !organization.empty() && organization.size() <= 50 &&
                    std::all_of(organization.begin(), organization.end(),
                                [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
  if (!good)
    return invalid("organization",
                   "An Azure DevOps organization has letters, digits and hyphens, at most 50.");
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
  Result<> name = check_name(connection.name);
  if (!name) return name;
  Result<const Provider*> found = check_type(connection.type);
  if (!found) return found.error();
  const Provider& provider = **found;

  for (const auto& [field, value] :
       {std::pair("username", &connection.username), std::pair("email", &connection.email),
        std::pair("server_url", &connection.server_url),
        std::pair("organization", &connection.organization)}) {
    Result<> checked = check_text(*value, field);
    if (!checked) return checked;
  }
  for (const auto& [field, value] :
       {std::pair("email", &connection.email), std::pair("organization", &connection.organization)}) {
    if (*value && !has_field(provider, field))
      return invalid(field, fmt::format("{} has no `{}`.", provider.label, field));
  }
  if (connection.sign_in == SignIn::oauth && !provider.oauth_sign_in) {
    return Error{.code = Errc::sign_in_unsupported,
                 .message = fmt::format("{} has no sign-in with GitHub; it takes a personal access token.",
                                        provider.label),
                 .field = "sign_in"};
  }
  if (provider.id == "bitbucket" && !connection.username) {
    return Error{
        .code = Errc::username_required,
        .message = "A Bitbucket connection needs the username of the Bitbucket profile.",
        .field = "username",
        .hint = "It stands under Personal Bitbucket settings, Account settings, Bitbucket profile settings."};
  }
  Result<> server = check_server(connection, provider, endpoints);
  if (!server) return server;
  return check_organization(connection, endpoints);
}

Result<SharedSecret> check_token(const Provider& provider, const Secret& pasted) {
  std::string_view token = pasted.reveal();
  const std::string_view space = " \t\r\n";
  const auto first = token.find_first_not_of(space);
  if (first == std::string_view::npos) return invalid("token", "The token is empty.");
  token = token.substr(first, token.find_last_not_of(space) - first + 1);
  const bool foreign =
      std::any_of(token.begin(), token.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; });
  if (foreign) {
    return invalid("token", "The token has a space, a newline or another character inside that no token has.",
                   "Copy it again, as one piece.");
  }
  if (std::optional<Error> trouble = provider.token_trouble(token)) return *std::move(trouble);
  return std::make_shared<const Secret>(token);
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
          .token = std::move(token)};
}

void apply(Connection& connection, const Verification& verification, Time now) {
  TokenMetadata& token = connection.token;
  token.state = verification.settled ? TokenState::valid : TokenState::unverified;
  token.scopes = verification.scopes;
  token.missing_scopes = verification.missing_scopes;
  token.excess_scopes = verification.excess_scopes;
  if (verification.expires_at) {
    if (token.expires_at != verification.expires_at) token.notices_given.clear();
    token.expires_at = verification.expires_at;
    token.expiry_typed = false;
  } else if (token.expiry_typed && token.expires_at && *token.expires_at <= now && verification.settled) {
    token.expires_at.reset();  // the forge still takes it, so the date was a mistake
    token.expiry_typed = false;
  }
  connection.hint = verification.hint;
  if (verification.settled) connection.verified_at = now;
  if (verification.account) {
    connection.account = Account{.id = verification.account->id,
                                 .login = verification.account->login,
                                 .display_name = verification.account->display_name,
                                 .email = verification.account->email};
  }
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
