// SPDX-License-Identifier: MIT
#include "providers/repository_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

std::string host_name(std::string_view text) {
  std::string host = lower_case(text);
  // With the dot of the root of DNS it is the same host.
  while (host.ends_with('.')) host.pop_back();
  return host;
}

bool is_path_part(std::string_view part) {
  return part != "." && part != ".." && part.find('/') == std::string_view::npos &&
         std::none_of(part.begin(), part.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Result<std::vector<std::string>> split(std::string_view path, bool decode) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view raw = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (raw.empty()) continue;
    const auto part = decode ? percent_decoded(raw) : std::string(raw);
    if (!part || !is_path_part(*part)) {
      return invalid("repository", "The repository's name holds a part that no path has, as . or .. does.");
    }
    parts.push_back(*part);
  }
  return parts;
}

struct Remote {
  std::string scheme, user, host, path;  // host in lower case
  unsigned port = 0;                     // 0: not said

  bool by_ssh() const { return scheme == "ssh" || scheme == "git+ssh" || scheme == "ssh+git"; }
  bool by_web() const { return scheme == "https" || scheme == "http"; }
};

// Splits "[user[:password]@]host[:port]".
bool read_authority(std::string_view text, Remote& remote) {
  // The last one: a user name may be an email address.
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    remote.user = std::string(text.substr(0, std::min(at, text.find(':'))));
    text.remove_prefix(at + 1);
  }
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
    const std::string_view port = text.substr(colon + 1);
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), remote.port);
    if (failed != std::errc() || end != port.data() + port.size() || remote.port > 65535) return false;
    text = text.substr(0, colon);
  }
  remote.host = host_name(text);
  return !remote.host.empty();
}

// "git+https" is how package managers write it; git:// (port 9418) names the same path as the web does.
std::string plain_scheme(std::string scheme) {
  if (scheme == "git+https" || scheme == "git+http") return scheme.substr(4);
  return scheme == "git" ? "https" : scheme;
}

// scheme://[user@]host[:port]/path, or [user@]host:path as scp writes it (git-clone, "GIT URLS").
std::optional<Remote> remote_of(std::string_view name) {
  Remote remote;
  std::string_view authority, path;
  const auto slash = name.find('/');
  if (const auto scheme = name.find("://"); scheme != std::string_view::npos && scheme < slash) {
    remote.scheme = plain_scheme(lower_case(name.substr(0, scheme)));
    authority = name.substr(scheme + 3);
    const auto end = authority.find_first_of("/?#");
    if (end != std::string_view::npos) path = authority.substr(end);
    authority = authority.substr(0, end);
  } else {
    const auto colon = name.find(':');
    if (colon == std::string_view::npos || slash < colon) return std::nullopt;
    remote.scheme = "ssh";
    authority = name.substr(0, colon);
    path = name.substr(colon + 1);
  }
  if (!read_authority(authority, remote)) remote.host.clear();
  if (name.starts_with("git:") && remote.port == 9418) remote.port = 0;
  remote.path = std::string(path.substr(0, path.find_first_of("?#")));
  return remote;
}

// "git.example/group/project", as people write it who leave out the scheme.
std::string with_scheme(std::string_view name, const RepositoryPlaces& places) {
  for (const std::string& root : places.web_roots) {
    const auto origin = origin_of(root);
    if (origin && lower_case(name).starts_with(origin->authority() + "/"))
      return origin->scheme + "://" + std::string(name);
  }
  return std::string(name);
}

using Parts = std::vector<std::string>;

bool starts_with(const Parts& parts, Parts::const_iterator begin, Parts::const_iterator end) {
  if (end - begin > static_cast<std::ptrdiff_t>(parts.size())) return false;
  return std::equal(begin, end, parts.begin(),
                    [](const auto& a, const auto& b) { return lower_case(a) == lower_case(b); });
}

Parts below(const Parts& parts, std::ptrdiff_t count) { return {parts.begin() + count, parts.end()}; }

Parts path_of(const std::string& root) {
  const auto slash = root.find('/', root.find("://") + 3);
  if (slash == std::string::npos) return {};
  Result<Parts> parts = split(root.substr(slash), true);
  if (!parts) return {};
  return *parts;
}

bool same_port(const Remote& remote, const Origin& origin) {
  const bool usual = origin.port == (origin.scheme == "https" ? 443U : 80U);
  const bool asked_usual = remote.port == 0 || remote.port == (remote.scheme == "https" ? 443U : 80U);
  return remote.port == origin.port || (usual && asked_usual);
}

// What of the path follows the root; nothing if it is not below it.
std::optional<Parts> below_root(const Remote& remote, const Parts& parts, const std::string& root,
                                bool ssh_has_sub_path) {
  const auto origin = origin_of(root);
  if (!origin || host_name(origin->host) != remote.host) return std::nullopt;
  const Parts path = path_of(root);
  if (remote.by_web()) {
    if (!same_port(remote, *origin) || !starts_with(parts, path.begin(), path.end())) return std::nullopt;
    return below(parts, static_cast<std::ptrdiff_t>(path.size()));
  }
  // SSH has a port of its own.
  if (!ssh_has_sub_path) return parts;
  for (auto begin = path.begin(); begin != path.end(); ++begin) {
    if (starts_with(parts, begin, path.end())) return below(parts, path.end() - begin);
  }
  return parts;
}

Error on_another_server(const std::string& host, const RepositoryPlaces& places) {
  for (const std::string& root : places.web_roots) {
    const auto origin = origin_of(root);
    if (!origin || host_name(origin->host) != host) continue;
    return invalid(
        "repository",
        fmt::format("This repository is on {}, but not below {}, which this connection is for.", host, root),
        "Use a connection for that place.");
  }
  return invalid("repository",
                 fmt::format("This repository is on {}, which is not this connection's server.", host),
                 "Name a connection of that server.");
}

}  // namespace

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 19 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

Result<NamedRepository> read_repository_name(std::string_view typed, const RepositoryPlaces& places) {
  const std::string name = with_scheme(trimmed(typed), places);
  const auto remote = remote_of(name);
  if (!remote) {
    // As it is read on the forge's page, where % is no escape.
    Result<Parts> parts = split(name, false);
    if (!parts) return parts.error();
    if (parts->empty()) return not_a_repository("a path");
    if (places.owner_and_name && parts->size() > 1) {
      // "git.example/owner/name" is an address without its scheme.
      if (parts->front().find('.') != std::string::npos) return on_another_server(parts->front(), places);
      if (parts->size() > 2) return not_a_repository("owner/name");
    }
    return NamedRepository{.parts = std::move(*parts), .host = {}, .user = {}};
  }
  if (remote->host.empty() || (!remote->by_ssh() && !remote->by_web())) {
    return invalid("repository", "This is no address of a repository.");
  }
  Result<Parts> parts = split(remote->path, true);
  if (!parts) return parts.error();

  std::optional<Parts> found;
  // The longest root first: of https://host and https://host/git the nearer one.
  std::vector<std::string> roots = places.web_roots;
  std::sort(roots.begin(), roots.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const std::string& root : roots) {
    if (!found) found = below_root(*remote, *parts, root, places.ssh_has_sub_path);
  }
  const auto& ssh = places.ssh_hosts;
  if (!found && remote->by_ssh() && std::find(ssh.begin(), ssh.end(), remote->host) != ssh.end())
    found = *parts;
  if (!found) return on_another_server(remote->host, places);
  if (found->empty()) return not_a_repository("a path");
  return NamedRepository{.parts = std::move(*found), .host = remote->host, .user = remote->user};
}

std::string without_login(std::string_view address) {
  const auto scheme_end = address.find("://");
  const auto begin = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  const std::string_view authority = address.substr(begin, address.find_first_of("/?#", begin) - begin);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(address);
  std::string_view kept = authority.substr(0, at);
  if (lower_case(address.substr(0, begin)).find("ssh") != std::string::npos) {
    kept = kept.substr(0, kept.find(':'));
  } else if (begin > 0 || kept.find(':') != std::string_view::npos) {
    kept = {};  // "git@host:path", as scp writes it, has neither
  }
  std::string safe(address.substr(0, begin));
  if (!kept.empty()) safe.append(kept).append("@");
  return safe.append(address.substr(begin + at + 1));
}

Error not_a_repository(std::string_view shape) {
  return invalid("repository", "This does not name a repository.",
                 fmt::format("Name it as {}, or by any address of it.", shape));
}

Result<std::string> first_parts(const std::vector<std::string>& parts, std::size_t count,
                                std::string_view shape) {
  if (count == 0 || parts.size() < count) return not_a_repository(shape);
  Parts first(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(count));
  if (first.back().ends_with(".git")) first.back().resize(first.back().size() - 4);
  if (first.back().empty()) return not_a_repository(shape);
  return joined(first);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string path;
  for (const std::string& part : parts) path += (path.empty() ? "" : "/") + part;
  return path;
}

std::string encoded_path(std::string_view path) {
  std::string encoded;
  while (!path.empty()) {
    const auto slash = path.find('/');
    encoded += (encoded.empty() ? "" : "/") + percent_encoded(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return encoded;
}

}  // namespace forgelink
