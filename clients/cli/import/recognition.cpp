// SPDX-License-Identifier: MIT
#include "clients/cli/import/recognition.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace forgelink::cli {
namespace {

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_organization(const std::string& text) {
  return !text.empty() && text.size() <= 50 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

// Is that the host under another of its names? "*.example.com" takes one label before it, which is then the
// organization.
bool is_alias(const std::string& alias, const std::string& host, std::string* label = nullptr) {
  if (!alias.starts_with("*.")) return alias == host;
  const std::string end = alias.substr(1);
  if (!host.ends_with(end) || host.size() == end.size()) return false;
  const std::string before = host.substr(0, host.size() - end.size());
  if (before.find('.') != std::string::npos) return false;
  if (label != nullptr) *label = before;
  return true;
}

}  // namespace

std::string host_of(const std::string& url) {
  const auto begin = url.find("://");
  if (begin == std::string::npos) return "";
  return url.substr(begin + 3, url.find('/', begin + 3) - begin - 3);
}

std::set<std::string> hosts_of(const TypeView& type) {
  std::set<std::string> hosts;
  for (const std::string& root : type.git_hosts) hosts.insert(host_of(root));
  return hosts;
}

bool has_host(const TypeView& type, const std::string& host) {
  const auto& aliases = type.recognition.host_aliases;
  return hosts_of(type).contains(host) ||
         std::any_of(aliases.begin(), aliases.end(),
                     [&](const std::string& alias) { return is_alias(alias, host); });
}

bool is_for_program(const TypeView& type, const std::string& program) {
  const auto& programs = type.recognition.programs;
  return std::find(programs.begin(), programs.end(), program) != programs.end();
}

bool begins_as_token_of(const TypeView& type, const Secret& token) {
  const auto& prefixes = type.recognition.token_prefixes;
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return token.reveal().starts_with(prefix); });
}

std::optional<std::size_t> place_of_mark(const TypeView& type, const Found& found) {
  const std::string& mark = type.recognition.path_mark;
  if (mark.empty()) return std::nullopt;
  const auto parts = parts_of(found.path);
  const auto at = std::find(parts.begin(), parts.end(), mark);
  // At the root, project and repository follow the mark: a group may have the mark as its name as well.
  const std::ptrdiff_t after = type.recognition.parts_before_mark == 0 ? 2 : 1;
  if (parts.end() - at <= after) return std::nullopt;
  return static_cast<std::size_t>(at - parts.begin());
}

std::string server_address(const Found& found, const TypeView* type) {
  const std::string root = (found.scheme.empty() ? "https" : found.scheme) + "://" + lower_case(found.host);
  const auto parts = parts_of(found.path);
  // A program that serves this forge alone has no other path on a host than the server's sub-path.
  std::size_t count = type != nullptr && is_for_program(*type, found.source) ? parts.size() : 0;
  if (const auto mark = type == nullptr ? std::nullopt : place_of_mark(*type, found)) {
    const auto before = static_cast<std::size_t>(type->recognition.parts_before_mark);
    count = *mark > before ? *mark - before : before == 0 ? *mark : 0;
  }
  std::string url = root;
  for (std::size_t i = 0; i < count; ++i) url += "/" + parts[i];
  return url;
}

void drop_placeholder(Finding& finding, const TypeView& type) {
  for (const std::string& name : type.recognition.placeholder_usernames) {
    if (equal_ignoring_case(name, finding.username)) finding.username.clear();
  }
}

void find_organization(Finding& finding, const TypeView& type) {
  const Found& found = finding.found();
  std::string label;
  for (const std::string& alias : type.recognition.host_aliases) {
    if (label.empty()) is_alias(alias, lower_case(found.host), &label);
  }
  if (!label.empty()) {
    finding.organization = label;
  } else if (const auto parts = parts_of(found.path); !parts.empty() && is_organization(parts[0])) {
    finding.organization = parts[0];
  } else if (is_organization(finding.username)) {
    finding.organization = finding.username;
  }
  if (equal_ignoring_case(finding.organization, finding.username)) finding.username.clear();
}

}  // namespace forgelink::cli
