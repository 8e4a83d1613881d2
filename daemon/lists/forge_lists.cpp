// SPDX-License-Identifier: MIT
#include "daemon/lists/forge_lists.hpp"

#include <openssl/sha.h>
#include <strings.h>
#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

#include "daemon/lists/cursor.hpp"
#include "providers/list_guard.hpp"

namespace forgelink {
namespace {

// No forge gives more at once, and none minds so many concurrent requests (docs/forges.md 3.7).
constexpr std::size_t forge_page = 100, most_concurrent = 4;

// A mark of the list that a cursor belongs to, so that one of another connection, repository or branch is not
// taken for a place in this one.
std::string mark_of(std::string_view list, std::string_view place) {
  std::string text(list);
  text.append("\n").append(place);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return {reinterpret_cast<const char*>(digest), 8};
}

std::string cursor_at(const std::string& list, const std::string& next, std::size_t skip) {
  const std::string text = std::to_string(skip) + " " + next;
  return cursor_of(mark_of(list, text) + text);
}

// The forge's continuation in a cursor, and how many of its page are given; nothing for another list's.
std::optional<std::pair<std::string, std::size_t>> place_of(const std::string& list,
                                                            const std::string& cursor) {
  const auto whole = cursor_text(cursor);
  if (!whole || whole->size() < 8) return std::nullopt;
  const std::string text = whole->substr(8);
  if (whole->compare(0, 8, mark_of(list, text)) != 0) return std::nullopt;
  const auto space = text.find(' ');
  std::size_t skip = 0;
  if (space == std::string::npos) return std::nullopt;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + space, skip);
  if (failed != std::errc() || end != text.data() + space || skip > 100'000) return std::nullopt;
  return std::pair(text.substr(space + 1), skip);
}

// The first that comes behind `path` in a list that is whole.
std::size_t behind(const std::vector<Repository>& sorted, const std::string& path) {
  if (path.empty()) return 0;
  const auto first = std::upper_bound(sorted.begin(), sorted.end(), path,
                                      [](const std::string& a, const Repository& b) { return a < b.path; });
  return static_cast<std::size_t>(first - sorted.begin());
}

// As many as there is room for, from `begin` on; where that ended.
template <class T>
std::size_t copy_some(const std::vector<T>& from, std::size_t begin, std::vector<T>& into,
                      std::size_t limit) {
  begin = std::min(begin, from.size());
  const std::size_t end = begin + std::min(limit - into.size(), from.size() - begin);
  into.insert(into.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
              from.begin() + static_cast<std::ptrdiff_t>(end));
  return end;
}

bool same_address(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  return a && b && !a->empty() && strcasecmp(a->c_str(), b->c_str()) == 0;
}

}  // namespace

// One page of the forge's, with the connection's token as it is now.
template <class T>
awaitable<Result<Page<T>>> ForgeLists::ask(ConnectionId id, Fetch<T> fetch, std::string next,
                                           std::size_t want) {
  Result<SharedSecret> token = co_await tokens_.usable(id, Prompt::never);
  if (!token) co_return token.error();
  const Connection* connection = registry_.find(id);
  if (connection == nullptr) co_return connection_gone();
  // Which token it is: another may have taken its place when the answer comes.
  const std::optional<ItemId> item = connection->token.item;
  const Provider* provider = find_provider(connection->type);
  Target target = target_of(*connection, settings_.endpoints, std::move(*token));
  Result<Page<T>> page = co_await fetch(*provider, std::move(target), std::move(next), want);
  if (!page && page.error().code == Errc::token_rejected && item) tokens_.refused(id, *item);
  if (page && item) tokens_.accepted(id, *item);
  co_return page;
}

// Pages that are fetched concurrently.
template <class T>
struct ForgeLists::PageBatch {
  std::vector<std::optional<Result<std::shared_ptr<Page<T>>>>> pages;
  std::size_t open = 0;
  Signal done;
};

template <class T>
awaitable<> ForgeLists::ask_into(std::shared_ptr<PageBatch<T>> batch, std::size_t place, ConnectionId id,
                                 Fetch<T> fetch, std::string next, std::size_t want) {
  Result<Page<T>> page = co_await ask<T>(id, std::move(fetch), std::move(next), want);
  if (page) {
    batch->pages[place] = std::make_shared<Page<T>>(std::move(*page));
  } else {
    batch->pages[place] = page.error();
  }
  if (--batch->open == 0) batch->done.notify();
}

template <class T>
awaitable<std::shared_ptr<ForgeLists::PageBatch<T>>> ForgeLists::ask_for_all(ConnectionId id, Fetch<T> fetch,
                                                                             std::vector<std::string> nexts,
                                                                             std::size_t want) {
  const auto batch = std::make_shared<PageBatch<T>>();
  batch->pages.resize(nexts.size());
  if constexpr (std::is_same_v<T, Repository>) {
    if (PageCache::SharedPage page = kept(id, nexts.front())) {
      batch->pages.resize(1);
      batch->pages.front() = std::move(page);
      co_return batch;
    }
  }
  batch->open = nexts.size();
  const auto executor = co_await asio::this_coro::executor;
  for (std::size_t i = 0; i < nexts.size(); ++i)
    spawn(executor, ask_into<T>(batch, i, id, fetch, std::move(nexts[i]), want));
  while (batch->open > 0) co_await batch->done.wait();
  co_return batch;
}

template <class T>
awaitable<Result<ListPage<T>>> ForgeLists::gather(ConnectionId id, Fetch<T> fetch, std::string list,
                                                  std::size_t limit, std::optional<std::string> cursor,
                                                  Wanted wanted) {
  if (const Connection* asked = registry_.find(id)) {
    Result<> allowed = settings_.policy->check(*asked, settings_.endpoints, clock_.now());
    if (!allowed) co_return allowed.error();
  }
  list.insert(0, id.text() + "\n");
  Place place;
  if (cursor) {
    auto parsed = place_of(list, *cursor);
    if (!parsed)
      co_return invalid("cursor", "This is not a cursor of this list.",
                        "Take next_cursor of the page before, with the same parameters.");
    place = {.next = std::move(parsed->first), .skip = parsed->second};
  }
  Result<ListPage<T>> page = co_await gather_from<T>(id, std::move(fetch), std::move(list), limit,
                                                     std::move(place), std::move(wanted));
  co_return page;
}

template <class T>
awaitable<Result<ListPage<T>>> ForgeLists::gather_from(ConnectionId id, Fetch<T> fetch, std::string list,
                                                       std::size_t limit, Place place, Wanted wanted) {
  ListPage<T> page;
  std::vector<std::string> ahead;
  ListGuard guard;
  guard.may_go_on(place.next, false);
  while (true) {
    // Pages as large as what is still wanted, and no more of them, so that nothing is fetched twice.
    const std::size_t want = place.skip + limit - page.items.size();
    std::vector<std::string> nexts = {place.next};
    for (std::string& next : ahead) {
      if (nexts.size() == most_concurrent || nexts.size() * forge_page >= want) break;
      nexts.push_back(std::move(next));
    }
    const std::shared_ptr<PageBatch<T>> batch = co_await ask_for_all<T>(id, fetch, nexts, want);
    for (std::size_t i = 0; i < batch->pages.size(); ++i) {
      if (!*batch->pages[i]) {
        const Error& trouble = batch->pages[i]->error();
        if (page.items.empty()) co_return trouble;
        // What came is shown; whoever goes on is told the trouble, if it still is one.
        page.next_cursor = cursor_at(list, nexts[i], place.skip);
        if (!page.notice.empty()) page.notice += ' ';
        page.notice += "The list goes on, but its next page did not come: " + trouble.message;
        co_return page;
      }
      const std::shared_ptr<Page<T>> got = std::move(**batch->pages[i]);
      if (!take<T>(id, list, got, nexts[i], limit, place, page)) co_return page;
      ahead = got->ahead;
      if (!guard.may_go_on(place.next, got->items.empty())) {
        page.next_cursor.reset();
        page.partial = true;
        page.notice = "The forge's list does not end; what it gave so far is shown.";
        co_return page;
      }
    }
    if (!wanted()) co_return Error{.code = Errc::internal, .message = "The client has disconnected."};
  }
}

// Moves what there is room for from a page of the forge's into the client's, and the place behind it. False
// if the client's page is complete.
template <class T>
bool ForgeLists::take(ConnectionId id, const std::string& list, std::shared_ptr<Page<T>> got,
                      const std::string& at, std::size_t limit, Place& place, ListPage<T>& page) {
  page.partial |= got->partial;
  if (page.notice.empty()) page.notice = got->notice;
  std::size_t begin = std::exchange(place.skip, 0);
  if constexpr (std::is_same_v<T, Repository>) {
    if (got->whole) begin = behind(got->items, place.next);
  }
  const std::size_t end = copy_some(got->items, begin, page.items, limit);
  if (end < got->items.size()) {
    page.next_cursor = cursor_at(list, at, end);
    if constexpr (std::is_same_v<T, Repository>) {
      // By path: a whole list may be read anew for the next page, and a count would have shifted.
      if (got->whole) page.next_cursor = cursor_at(list, page.items.back().path, 0);
      keep(id, at, got);
    }
    return false;
  }
  if (got->next.empty()) return false;
  place = {.next = got->next};
  if (page.items.size() < limit) return true;
  page.next_cursor = cursor_at(list, place.next, 0);
  return false;
}

// The first page is asked for anew each time.
PageCache::SharedPage ForgeLists::kept(ConnectionId id, const std::string& next) {
  const Connection* connection = registry_.find(id);
  return connection == nullptr || next.empty() ? nullptr : kept_.find(*connection, next);
}

void ForgeLists::keep(ConnectionId id, std::string next, PageCache::SharedPage page) {
  if (const Connection* connection = registry_.find(id))
    kept_.keep(*connection, std::move(next), std::move(page));
}

awaitable<Result<ListPage<Repository>>> ForgeLists::repositories(ConnectionId id, std::size_t limit,
                                                                 std::optional<std::string> cursor,
                                                                 Wanted wanted) {
  Fetch<Repository> fetch = [this](const Provider& provider, Target target, std::string next,
                                   std::size_t count) {
    return provider.repositories(http_, std::move(target), std::move(next), count);
  };
  return gather<Repository>(id, std::move(fetch), "repositories", limit, std::move(cursor),
                            std::move(wanted));
}

awaitable<Result<ListPage<Commit>>> ForgeLists::commits(ConnectionId id, CommitQuery query, std::size_t limit,
                                                        std::optional<std::string> cursor, Wanted wanted) {
  std::string list = "commits\n" + query.repository + "\n" + query.branch;
  Fetch<Commit> fetch = [this, query = std::move(query)](const Provider& provider, Target target,
                                                         std::string next, std::size_t count) {
    return provider.commits(http_, std::move(target), query, std::move(next), count);
  };
  return gather<Commit>(id, std::move(fetch), std::move(list), limit, std::move(cursor), std::move(wanted));
}

std::optional<std::string> author_username(const Commit& commit, const Connection& connection) {
  if (commit.author_username) return commit.author_username;
  const bool own = same_address(commit.author_email, connection.email) ||
                   (connection.account && same_address(commit.author_email, connection.account->email));
  if (!own) return std::nullopt;
  if (connection.account && connection.account->login) return connection.account->login;
  return connection.username;
}

std::string author_display(const Commit& commit, const Connection& connection) {
  const auto text = [](const std::optional<std::string>& value) { return value.value_or(""); };
  const std::string username = text(author_username(commit, connection));
  const std::string name = text(commit.author_name), email = text(commit.author_email);
  if (connection.username) {
    for (const std::string& shown : {username, name, email}) {
      if (!shown.empty()) return shown;
    }
  } else {
    for (const std::string& shown : {email, name, username}) {
      if (!shown.empty()) return shown;
    }
  }
  return "unknown";
}

}  // namespace forgelink
