// SPDX-License-Identifier: MIT
#include "daemon/methods/repository_list.hpp"

namespace forgelink {
namespace {

RepositoryList::RepositoryView repository_view(Repository&& repository) {
  return {.id = std::move(repository.id),
          .path = std::move(repository.path),
          .name = std::move(repository.name),
          .is_private = repository.is_private,
          .archived = repository.archived,
          .default_branch = std::move(repository.default_branch),
          .clone_url = std::move(repository.clone_url),
          .ssh_url = std::move(repository.ssh_url),
          .web_url = std::move(repository.web_url),
          .updated_at = repository.updated_at};
}

}  // namespace

awaitable<Result<RepositoryList::Reply>> RepositoryList::call(Params params, ipc::Peer& peer) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  AccessRequest request{.connection = *id,
                        .action = lent != nullptr ? AccessAction::lend : AccessAction::repositories,
                        .asker = Asker::of(peer),
                        .agreed = lent != nullptr && lent->agreed.contains(*id)};
  Result<> admitted = co_await gate.admit(request);
  if (!admitted) co_return admitted.error();
  std::optional<std::string> cursor;
  if (params.cursor) cursor = std::move(params.cursor->value);
  const auto limit = static_cast<std::size_t>(params.limit.value);
  ForgeLists::Wanted wanted = [asker = peer.weak_from_this()] {
    const auto there = asker.lock();
    return there && !there->is_gone();
  };
  Result<ListPage<Repository>> page =
      co_await lists.repositories(*id, limit, std::move(cursor), std::move(wanted));
  gate.note(request, outcome_of(page ? std::nullopt : std::optional(page.error())));
  if (!page) co_return page.error();

  Reply reply{.next_cursor = std::move(page->next_cursor)};
  if (page->partial) reply.partial = true;
  if (!page->notice.empty()) reply.notice = std::move(page->notice);
  reply.repositories.reserve(page->items.size());
  for (Repository& repository : page->items)
    reply.repositories.push_back(repository_view(std::move(repository)));
  co_return reply;
}

}  // namespace forgelink
