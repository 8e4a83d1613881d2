// SPDX-License-Identifier: MIT
#include "clients/cli/import/parsers.hpp"

namespace forgelink::cli {
namespace {

// The value of a line "KEY=VALUE" of the file; "" without one.
std::string_view line_value(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=')
      return line.substr(key.size() + 1);
  }
  return {};
}

}  // namespace

bool read_gcm_service(std::string_view service, Found& found) {
  // The namespace, "git" unless it was configured, stands in front: "git:https://github.com".
  const auto begin = service.find("http");
  const auto scheme_end = service.find("://");
  if (begin == std::string_view::npos || scheme_end == std::string_view::npos || begin > scheme_end)
    return false;
  found.scheme = service.substr(begin, scheme_end - begin);
  service.remove_prefix(scheme_end + 3);
  const auto slash = service.find('/');
  found.host = service.substr(0, slash);
  if (slash != std::string_view::npos) found.path = service.substr(slash + 1);
  constexpr std::string_view refresh = "oauth-refresh-token.";
  const bool is_refresh_token = found.host.starts_with(refresh) || found.path == "refresh_token";
  if (is_refresh_token)
    found.cannot = "It is a refresh token of Git Credential Manager, which only that program can use.";
  if (found.host.starts_with(refresh)) found.host.erase(0, refresh.size());
  return is_host(found.host);
}

Parsed parse_gcm(std::string_view text) {
  Parsed parsed;
  std::string_view password = text.substr(0, text.find('\n'));
  if (password.ends_with('\r')) password.remove_suffix(1);
  Found found{.source = "gcm"};
  if (password.empty() || !read_gcm_service(line_value(text, "service"), found)) {
    parsed.trouble = "It is not in the form in which Git Credential Manager writes such files.";
    return parsed;
  }
  fill_in(found, Secret(line_value(text, "account")), Secret(password));
  found.cuts.push_back({.begin = 0, .end = text.size()});
  parsed.found.push_back(std::move(found));
  return parsed;
}

}  // namespace forgelink::cli
