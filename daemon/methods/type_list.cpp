// SPDX-License-Identifier: MIT
#include "daemon/methods/type_list.hpp"

#include "providers/oauth/oauth_dialect.hpp"
#include "providers/provider.hpp"
#include "providers/token_ending.hpp"

namespace forgelink {
namespace {

std::vector<std::string> words(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

protocol::TypeList::RecognitionView view_of(const Recognition& recognition) {
  protocol::TypeList::RecognitionView view{
      .host_aliases = words(recognition.host_aliases),
      .programs = words(recognition.programs),
      .token_prefixes = words(recognition.token_prefixes),
      .marks_decide = recognition.marks_decide,
      .path_mark = std::string(recognition.path_mark),
      .parts_before_mark = static_cast<std::int64_t>(recognition.parts_before_mark),
      .placeholder_usernames = words(common_placeholders())};
  for (const std::string_view name : recognition.placeholder_usernames)
    view.placeholder_usernames.emplace_back(name);
  for (const DeadToken& dead : recognition.dead_tokens)
    view.dead_tokens.push_back({.prefix = std::string(dead.prefix), .reason = std::string(dead.reason)});
  return view;
}

}  // namespace

Result<TypeList::Reply> TypeList::call(Params) const {
  Reply reply;
  for (const Provider& provider : providers()) {
    TypeView type{.id = std::string(provider.id), .label = std::string(provider.label)};
    Target blank{.endpoints = &settings.endpoints};
    // A client fills the braces in.
    if (provider.self_hosted) blank.server_url = "{server_url}";
    for (const Field& field : provider.fields) {
      type.fields_.push_back({.name = std::string(field.name),
                              .label = std::string(field.label),
                              .help = std::string(field.help),
                              .required = field.required,
                              .secret = field.secret});
      if (field.name == "organization") blank.organization = "{organization}";
    }
    type.token_page = provider.token_page(blank);
    const Target nobody{.endpoints = &settings.endpoints};
    if (!provider.self_hosted) type.git_hosts = provider.git_roots(nobody);
    type.sign_in = {"pat"};
    if (const OAuthDialect* oauth = provider.oauth) {
      type.sign_in.emplace_back("oauth");
      type.sign_in_methods.emplace_back("browser");
      if (oauth->device) type.sign_in_methods.emplace_back("device");
      type.sign_in_label = oauth->sign_in_label;
      if (!oauth->caution.empty()) type.sign_in_caution = oauth->caution;
    }
    if (const Revocation* how = provider.revocation) {
      type.can_revoke = how->revoke != nullptr;
      if (!how->caution.empty()) type.revoke_caution = how->caution;
    }
    type.can_renew = provider.rotation != nullptr;
    for (const Scope& scope : provider.scopes) {
      type.scopes.push_back({.scope = std::string(scope.scope),
                             .needed_for = std::string(scope.needed_for),
                             .required = scope.required});
    }
    for (const Notice& notice : provider.notices) {
      type.notices.push_back({.date = std::string(notice.date),
                              .text = std::string(notice.text),
                              .url = std::string(notice.url)});
    }
    type.self_hosted = provider.self_hosted;
    type.default_sign_in = provider.default_sign_in;
    type.server_example = std::string(provider.server_example);
    type.policy_forbids = settings.policy->forbids(provider, settings.endpoints);
    type.recognition = view_of(provider.recognition);
    reply.types.push_back(std::move(type));
  }
  return reply;
}

}  // namespace forgelink
