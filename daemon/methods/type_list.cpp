// SPDX-License-Identifier: MIT
#include "daemon/methods/type_list.hpp"

#include "providers/provider.hpp"

namespace forgelink {

Result<TypeList::Reply> TypeList::call(Params) const {
  Reply reply;
  for (const Provider& provider : providers()) {
    TypeView type{.id = std::string(provider.id), .label = std::string(provider.label)};
    Target blank{.endpoints = &settings.endpoints};
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
    if (provider.oauth_sign_in) type.sign_in.emplace_back("oauth");
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
    reply.types.push_back(std::move(type));
  }
  return reply;
}

}  // namespace forgelink
