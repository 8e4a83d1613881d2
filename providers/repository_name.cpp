#include "providers/repository_name.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "providers/url.hpp"

namespace forgelink {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  while (out.ends_with('.')) out.pop_back();
  return out;
}

Result<std::vector<std::string>> split(std::string_view path, bool decode) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view raw = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (raw.empty()) continue;
    const auto part = decode ? percent_decoded(raw) : std::string(raw);
    const bool bad =
        !part || *part == "." || *part == ".." || part->find('/') != std::string::npos ||
        std::any_of(part->begin(), part->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (bad) return invalid("repository", "The repository's name holds a part that no path has.");
    parts.push_back(*part);
  }
  return parts;
}

struct Remote {
  std::string scheme, host, path;  // host in lower case, without port and user
  unsigned port = 0;
};

// scheme://[user@]host[:port]/path, or [user@]host:path as scp writes it (git-clone, "GIT URLS").
std::optional<Remote> remote_of(std::string_view name) {
  Remote remote;
  std::string_view rest;
  if (const auto scheme = name.find("://"); scheme != std::string_view::npos) {
    remote.scheme = lower(name.substr(0, scheme));
    rest = name.substr(scheme + 3);
    const auto slash = rest.find('/');
    remote.path = slash == std::string_view::npos ? "" : std::string(rest.substr(slash + 1));
    rest = rest.substr(0, slash);
  } else {
    const auto colon = name.find(':');
    const auto slash = name.find('/');
    if (colon == std::string_view::npos || (slash != std::string_view::npos && slash < colon))
      return std::nullopt;
    remote.scheme = "ssh";
    remote.path = std::string(name.substr(colon + 1));
    rest = name.substr(0, colon);
  }
  if (const auto user = rest.rfind('@'); user != std::string_view::npos) rest.remove_prefix(user + 1);
  const auto colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos) {
    if (!is_number(rest.substr(colon + 1)) || rest.size() - colon > 6) return std::nullopt;
    remote.port = static_cast<unsigned>(std::stoul(std::string(rest.substr(colon + 1))));
    rest = rest.substr(0, colon);
  }
  remote.host = lower(rest);
  remote.path = remote.path.substr(0, remote.path.find_first_of("?#"));
  return remote;
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

Result<std::vector<std::string>> repository_path(std::string_view name, const RepositoryPlaces& places) {
  const auto remote = remote_of(name);
  if (!remote) return split(name, false);

  const bool by_ssh = remote->scheme == "ssh" || remote->scheme == "git+ssh" || remote->scheme == "ssh+git";
  if (!by_ssh && remote->scheme != "https" && remote->scheme != "http") {
    return invalid("repository", "This is no address of a repository.");
  }
  Result<std::vector<std::string>> parts = split(remote->path, true);
  if (!parts) return parts;
  if (by_ssh) {
    // SSH has a port of its own, and no sub-path.
    for (const std::string& root : places.web_roots) {
      if (origin_of(root)->host == remote->host) return parts;
    }
    if (std::find(places.ssh_hosts.begin(), places.ssh_hosts.end(), remote->host) != places.ssh_hosts.end())
      return parts;
  } else {
    for (const std::string& root : places.web_roots) {
      const Origin origin = *origin_of(root);
      const unsigned port = remote->port != 0 ? remote->port : remote->scheme == "https" ? 443 : 80;
      if (origin.host != remote->host || origin.port != port) continue;
      const auto slash = root.find('/', root.find("://") + 3);
      Result<std::vector<std::string>> below =
          split(slash == std::string::npos ? "" : root.substr(slash), true);
      if (below->size() > parts->size() ||
          !std::equal(below->begin(), below->end(), parts->begin(),
                      [](const auto& a, const auto& b) { return lower(a) == lower(b); }))
        continue;
      parts->erase(parts->begin(), parts->begin() + static_cast<std::ptrdiff_t>(below->size()));
      return parts;
    }
  }
  return invalid(
      "repository",
      fmt::format("This repository is on {}, which is not this connection's server.", remote->host),
      "Name a connection of that server.");
}

Error not_a_repository(std::string_view shape) {
  return invalid("repository", "This does not name a repository.",
                 fmt::format("Name it as {}, or by any address of it.", shape));
}

Result<std::string> first_parts(const std::vector<std::string>& parts, std::size_t count,
                                std::string_view shape) {
  if (parts.size() < count) return not_a_repository(shape);
  std::vector<std::string> first(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(count));
  if (first.back().ends_with(".git")) first.back().resize(first.back().size() - 4);
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
