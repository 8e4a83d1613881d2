// SPDX-License-Identifier: MIT
// Azure DevOps signs in by Microsoft Entra (learn.microsoft.com/azure/devops/integrate, "Microsoft Entra
// OAuth"). A public client, registered for "Mobile and desktop applications" with http://localhost: for that
// name alone the port is free, and no path means "/". Browsers may try ::1 first.
//
// Entra's descriptions begin with AADSTS and a number, which tells what to do (learn.microsoft.com,
// "Microsoft Entra authentication and authorization error codes"); trace and correlation ids follow, and are
// not shown.
#include "providers/forges/azure_devops/entra_oauth.hpp"

#include <charconv>

#include "base/url.hpp"
#include "base/version.hpp"
#include "providers/oauth/oauth_errors.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::azure_devops {
namespace {

// The resource id of Azure DevOps, the same in every tenant. `.default` is all that the app was granted.
constexpr std::string_view scopes = "499b84ac-1321-427f-aa17-267ca6975798/.default offline_access";

OAuthEndpoints endpoints(const Target& target, std::string_view tenant) {
  const std::string login = target.endpoints->of("azure-devops", "login");
  const std::string base =
      login + "/" + std::string(tenant.empty() ? "organizations" : tenant) + "/oauth2/v2.0";
  return {.authorize = base + "/authorize",
          .token = base + "/token",
          .device = base + "/devicecode",
          .revoke = "",  // ends all sessions of the person at once, or none
          .issuer = login + "/*/v2.0"};
}

// "AADSTS65004: User declined to consent ..."; 0 if there is none.
unsigned code_in(std::string_view description) {
  const auto at = description.find("AADSTS");
  if (at == std::string_view::npos) return 0;
  const std::string_view digits = description.substr(at + 6);
  unsigned code = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), code);
  return code;
}

std::string admin_consent_page(const OAuthServer& server) {
  const std::string& authorize = server.endpoints.authorize;
  const auto origin = origin_of(authorize);
  const std::string login = origin ? origin->text() : "";
  const std::string tenant = server.app.tenant.empty() ? "organizations" : server.app.tenant;
  return with_query(login + "/" + tenant + "/adminconsent", {{"client_id", server.app.client_id}});
}

Error needs_admin(const OAuthServer& server) {
  std::string page = admin_consent_page(server);
  return {.code = Errc::sign_in_denied,
          .message =
              "Your organization wants an administrator to approve the app before anybody signs in with it.",
          .hint = "Ask an administrator to open " + page + "; or use a personal access token.",
          .url = std::move(page)};
}

Error conditional_access(OAuthStep step) {
  const bool device = step == OAuthStep::poll_device || step == OAuthStep::start_device;
  return {
      .code = Errc::sign_in_denied,
      .message = "Your organization's Conditional Access rules block this sign-in.",
      .hint = device
                  ? "They often forbid device codes: sign in by browser, on a machine that they allow; or "
                    "use a personal access token."
                  : "Sign in on a machine and network that they allow, or ask an administrator; a personal "
                    "access token may do."};
}

Error wrong_tenant() {
  return {.code = Errc::sign_in_denied,
          .message = "The account belongs to another Microsoft Entra tenant than the one that was asked.",
          .hint =
              "Set the tenant of your organization ([oauth.azure-devops] tenant), or sign in with an account "
              "of that tenant."};
}

Error personal_account() {
  return {.code = Errc::sign_in_denied,
          .message = "A personal Microsoft account cannot sign in to Azure DevOps with an app.",
          .hint = "Use a work or school account, or a personal access token."};
}

Error app_not_in_tenant(const OAuthServer& server) {
  return {.code = Errc::oauth_app_missing,
          .message =
              "Microsoft Entra does not know the OAuth app in this tenant: its client id is wrong, or it is "
              "for one tenant only.",
          .hint = "Set it again: " + command_to_set_app(server, false),
          .url = server.app_page.url};
}

Error not_public(const OAuthServer& server) {
  return {
      .code = Errc::oauth_app_missing,
      .message = "The OAuth app is no public client.",
      .hint =
          "On its page, under Authentication, allow public client flows and add the platform \"Mobile and "
          "desktop applications\" with http://localhost.",
      .url = server.app_page.url};
}

enum class Meaning {
  other,
  admin_consent,
  declined,
  conditional_access,
  another_tenant,
  personal,
  unknown_app,
  not_public,
  wrong_secret,
  wrong_callback,
  not_assigned,
  disabled,
  sign_in_again
};

Meaning meaning_of(unsigned code) {
  switch (code) {
    case 65001:  // no consent yet, and none can be given here
    case 90008:
    case 90093:
    case 90094:
    case 90095:
    case 900941:
      return Meaning::admin_consent;
    case 65004:
      return Meaning::declined;
    case 50020:  // an account of another tenant or identity provider
    case 50034:
    case 50128:
    case 90002:
    case 90072:
    case 500011:
      return Meaning::another_tenant;
    case 500200:
    case 500201:
    case 500207:
    case 500208:
      return Meaning::personal;
    case 50059:
    case 50194:
    case 700016:
      return Meaning::unknown_app;
    case 700025:
    case 7000218:
      return Meaning::not_public;
    case 7000215:
    case 7000222:
      return Meaning::wrong_secret;
    case 50011:
    case 900971:
      return Meaning::wrong_callback;
    case 50105:
      return Meaning::not_assigned;
    case 50057:
      return Meaning::disabled;
    case 50076:  // multi-factor authentication is wanted by now
    case 50078:
    case 50079:
    case 50089:
    case 50173:  // the password was changed
      return Meaning::sign_in_again;
    default:
      // 53000 to 53099 and their subdivisions: device, place and risk.
      return code / 100 == 530 || code / 1000 == 530 || code == 50005 || code == 50097 || code == 50158
                 ? Meaning::conditional_access
                 : Meaning::other;
  }
}

// What comes without a number, or with one that stands for several things.
Meaning meaning_of(const OAuthRefusal& refused) {
  const auto says = [&](std::string_view words) {
    return refused.description.find(words) != std::string::npos;
  };
  if (says("personal Microsoft account") || says("live.com") || says("not enabled for consumers"))
    return Meaning::personal;
  const Meaning meaning = meaning_of(code_in(refused.description));
  if (meaning != Meaning::other) return meaning;
  if (refused.error == "consent_required") return Meaning::admin_consent;
  if (refused.error == "interaction_required") return Meaning::conditional_access;
  return Meaning::other;
}

std::optional<Error> refusal(const OAuthRefusal& refused, const OAuthServer& server) {
  switch (meaning_of(refused)) {
    case Meaning::other:
      return std::nullopt;
    case Meaning::admin_consent:
      return needs_admin(server);
    case Meaning::declined:
      return Error{.code = Errc::sign_in_denied, .message = "The sign-in was declined at Microsoft."};
    case Meaning::conditional_access:
      return conditional_access(refused.step);
    case Meaning::another_tenant:
      return wrong_tenant();
    case Meaning::personal:
      return personal_account();
    case Meaning::unknown_app:
      return app_not_in_tenant(server);
    case Meaning::not_public:
      return not_public(server);
    case Meaning::wrong_secret:
      return unknown_app(server);
    case Meaning::wrong_callback:
      return wrong_callback(server);
    case Meaning::not_assigned:
      return Error{.code = Errc::sign_in_denied,
                   .message = "Your organization has not given your account access to the app.",
                   .hint = "Ask an administrator to assign it; or use a personal access token."};
    case Meaning::disabled:
      return Error{.code = Errc::sign_in_denied, .message = "The Microsoft account is disabled."};
    case Meaning::sign_in_again:
      return Error{.code = Errc::sign_in_denied,
                   .message =
                       "Microsoft wants a fresh sign-in, with a second factor where your organization asks "
                       "for one.",
                   .hint = "Start the sign-in again."};
  }
  return std::nullopt;
}

OAuthAppPage app_page(const Target&) {
  return {
      .url = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/CreateApplicationBlade",
      .instructions =
          "Name: Forgelink. Accounts in any organizational directory. Redirect URI: platform \"Public "
          "client/native (mobile & desktop)\", http://localhost. Then Authentication: allow public client "
          "flows; API permissions: Azure DevOps, user_impersonation. The id is \"Application (client) ID\"."};
}

}  // namespace

const OAuthDialect& oauth_dialect() {
  static const OAuthDialect dialect{
      .name = "Microsoft",
      .sign_in_label = "Sign in with Azure DevOps",
      .default_client_id = FORGELINK_AZURE_DEVOPS_CLIENT_ID,
      .has_tenants = true,
      .device = true,
      .redirect = {.host = "localhost", .path = "/", .both_families = true},
      .scopes = scopes,
      .login_parameter = "login_hint",
      .authorize_parameters = {{"response_mode", "query"}, {"prompt", "select_account"}},
      .spent_errors = "bad_verification_code",
      .endpoints = endpoints,
      .refusal = refusal,
      .app_page = app_page};
  return dialect;
}

}  // namespace forgelink::forges::azure_devops
