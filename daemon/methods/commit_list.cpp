// SPDX-License-Identifier: MIT
#include "daemon/methods/commit_list.hpp"

#include "base/text.hpp"
#include "providers/repository_name.hpp"

namespace forgelink {
namespace {

// One page of the forge's: each of its messages may cost a request.
constexpr std::size_t most_full_messages = 100;

CommitList::CommitView commit_view(Commit&& commit, const Connection& connection) {
  CommitList::CommitView view{.author_display = author_display(commit, connection)};
  view.author.username = author_username(commit, connection);
  view.author.name = std::move(commit.author_name);
  view.author.email = std::move(commit.author_email);
  // In UTC, whatever zone the forge tells it in; what is no date is not passed on as one.
  if (const auto date = parse_time(commit.author_date)) view.author.date = rfc3339(*date);
  view.id = std::move(commit.id);
  view.title = std::move(commit.title);
  view.message = std::move(commit.message);
  view.web_url = std::move(commit.web_url);
  if (commit.message_truncated) view.message_truncated = true;
  return view;
}

}  // namespace

awaitable<Result<CommitList::Reply>> CommitList::call(Params params, ipc::Peer& peer) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  // A pasted address may hold a token; what is asked for is written down and repeated in errors.
  CommitQuery query{.repository = without_login(trimmed(params.repository.value)),
                    .branch = std::string(trimmed(params.branch.value_or(""))),
                    .full_messages = params.full_messages};
  AccessRequest request{.connection = *id,
                        .action = lent != nullptr ? AccessAction::lend : AccessAction::commits,
                        .asker = Asker::of(peer),
                        .path = query.repository,
                        .agreed = lent != nullptr && lent->agreed.contains(*id)};
  Result<> admitted = co_await gate.admit(request);
  if (!admitted) co_return admitted.error();
  std::optional<std::string> cursor;
  if (params.cursor) cursor = std::move(params.cursor->value);
  auto limit = static_cast<std::size_t>(params.limit.value);
  if (params.full_messages) limit = std::min(limit, most_full_messages);
  ForgeLists::Wanted wanted = [asker = peer.weak_from_this()] {
    const auto there = asker.lock();
    return there && !there->is_gone();
  };
  Result<ListPage<Commit>> page =
      co_await lists.commits(*id, std::move(query), limit, std::move(cursor), std::move(wanted));
  gate.note(request, outcome_of(page ? std::nullopt : std::optional(page.error())));
  if (!page) co_return page.error();

  const Connection* connection = registry.find(*id);
  if (connection == nullptr) co_return connection_gone();
  Reply reply{.next_cursor = std::move(page->next_cursor)};
  if (page->partial) reply.partial = true;
  if (!page->notice.empty()) reply.notice = std::move(page->notice);
  reply.commits.reserve(page->items.size());
  for (Commit& commit : page->items) reply.commits.push_back(commit_view(std::move(commit), *connection));
  co_return reply;
}

}  // namespace forgelink
