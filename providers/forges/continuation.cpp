// SPDX-License-Identifier: MIT
#include "providers/forges/continuation.hpp"

#include <fmt/format.h>

#include "base/url.hpp"

namespace forgelink::forges {
namespace {

// Is `part` at the beginning of `path`, up to the end of a segment?
bool begins_with(std::string_view path, std::string_view part) {
  return path.starts_with(part) && (path.size() == part.size() || path[part.size()] == '/');
}

// `path` below `root`, which the link's own server may know in part only, or below more.
std::optional<std::string> below(std::string_view root, std::string_view path) {
  if (begins_with(path, root)) return std::string(path);
  for (std::size_t at = root.find('/', 1); at != std::string_view::npos; at = root.find('/', at + 1)) {
    const std::string_view tail = root.substr(at);
    if (begins_with(path, tail)) return std::string(root) + std::string(path.substr(tail.size()));
  }
  const auto at = path.find(root);
  if (at != std::string_view::npos && begins_with(path.substr(at), root)) return std::string(path.substr(at));
  return std::nullopt;
}

}  // namespace

std::string link_to(std::string_view relation, const http::Reply& reply) {
  const std::string quoted = fmt::format("rel=\"{}\"", relation), plain = fmt::format("rel={}", relation);
  std::string_view rest = reply.header("link");
  while (!rest.empty()) {
    const auto open = rest.find('<');
    const auto close = rest.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return "";
    const std::string_view url = rest.substr(open + 1, close - open - 1);
    const auto after = rest.find('<', close);
    const std::string_view parameters =
        rest.substr(close, after == std::string_view::npos ? after : after - close);
    if (parameters.find(quoted) != std::string_view::npos || parameters.find(plain) != std::string_view::npos)
      return std::string(url);
    rest = after == std::string_view::npos ? std::string_view() : rest.substr(after);
  }
  return "";
}

std::optional<std::string> own_address(std::string_view link, std::string_view api) {
  const auto own = parse_web_address(api);
  if (!own) return std::nullopt;
  link = link.substr(0, link.find('#'));
  if (!link.starts_with('/') || link.starts_with("//")) {
    if (!parse_web_address(link)) return std::nullopt;
    const auto path = link.find_first_of("/?", link.find("://") + 3);
    link = path == std::string_view::npos ? std::string_view() : link.substr(path);
  }
  const auto query = link.find('?');
  const auto path = below(own->path, link.substr(0, query));
  if (!path || path->find("/../") != std::string::npos || path->ends_with("/..")) return std::nullopt;
  std::string address = own->origin().text() + *path;
  if (query != std::string_view::npos) address += link.substr(query);
  return parse_web_address(address) ? std::optional(std::move(address)) : std::nullopt;
}

Result<std::string> checked_next(std::string next, std::string_view root, std::string_view forge) {
  if (next.empty()) return next;
  const auto origin = origin_of(next);
  if (origin && origin == origin_of(root)) return next;
  return Error{
      .code = Errc::forge_error,
      .message = fmt::format("The rest of the list is not at {}; the token does not go there.", forge)};
}

}  // namespace forgelink::forges
