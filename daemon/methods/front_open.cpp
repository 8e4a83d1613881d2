// SPDX-License-Identifier: MIT
#include "daemon/methods/front_open.hpp"

#include "base/git_path.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

constexpr std::size_t most_named = 100;

std::optional<std::string> text_if_any(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

// As they are compared with what is asked for later: a name that never fits would refuse everything.
Result<std::vector<std::string>> repositories_of(const std::optional<std::vector<std::string>>& typed) {
  std::vector<std::string> named;
  if (!typed) return named;
  const Error wrong =
      invalid("repositories", "A repository is named as owner/name, without the server's address.");
  if (typed->empty())
    return invalid("repositories", "Name a repository, or leave `repositories` out for all.");
  if (typed->size() > most_named) return invalid("repositories", "At most 100 repositories.");
  for (const std::string& one : *typed) {
    const GitPath path = GitPath::decoded(trimmed(one));
    if (one.find("://") != std::string::npos || path.size() < 2 || path.is_crooked() ||
        has_control_character(one))
      return wrong;
    named.push_back(path.text());
  }
  return named;
}

}  // namespace

awaitable<Result<FrontOpen::Reply>> FrontOpen::call(Params params, ipc::Peer& peer) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  Result<std::vector<std::string>> repositories = repositories_of(params.repositories);
  if (!repositories) co_return repositories.error();
  FrontRules rules{
      .repositories = std::move(*repositories), .read_only = params.read_only, .graphql = params.graphql};
  Result<Fronts::Opened> opened = co_await fronts.open(*id, std::move(rules), peer);
  if (!opened) co_return opened.error();
  const auto origin =
      opened->places.git_roots.empty() ? std::nullopt : origin_of(opened->places.git_roots.front());
  Reply reply{.front = opened->id,
              .socket = opened->front->socket().string(),
              .placeholder = "forgelink-" + opened->id.substr(0, 8),
              .header = Front::secret_header,
              .host = origin ? origin->authority() : "",
              .port = opened->front->port(),
              .git_roots = std::move(opened->places.git_roots)};
  reply.secret.secret = opened->front->secret().duplicate();
  reply.api_root = text_if_any(std::move(opened->places.api_root));
  reply.client_host = text_if_any(std::move(opened->places.client_host));
  co_return reply;
}

}  // namespace forgelink
