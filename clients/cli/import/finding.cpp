// SPDX-License-Identifier: MIT
#include "clients/cli/import/finding.hpp"

#include "base/text.hpp"

namespace forgelink::cli {
namespace {

bool is_same_place(const Finding& a, const Finding& b) {
  if (a.type.empty()) return equal_ignoring_case(a.found().host, b.found().host);
  const bool organization =
      a.organization.empty() || b.organization.empty() || equal_ignoring_case(a.organization, b.organization);
  return a.server_url == b.server_url && organization;
}

}  // namespace

std::string Finding::subject() const {
  const std::string who = !username.empty() ? username : !email.empty() ? email : organization;
  return who.empty() ? found().host : who + " on " + found().host;
}

bool is_same(const Finding& a, const Finding& b) {
  return a.type == b.type && is_same_place(a, b) && a.token().equals(b.token());
}

void join(Finding& into, Finding other) {
  if (into.organization.empty()) into.organization = std::move(other.organization);
  if (into.username.empty()) into.username = std::move(other.username);
  if (into.email.empty()) into.email = std::move(other.email);
  if (!into.expires_at) into.expires_at = std::move(other.expires_at);
  for (Found& found : other.places) into.places.push_back(std::move(found));
}

}  // namespace forgelink::cli
