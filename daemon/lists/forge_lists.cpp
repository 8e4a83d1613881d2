// SPDX-License-Identifier: MIT
#include "daemon/lists/forge_lists.hpp"

#include <openssl/sha.h>
#include <strings.h>
#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

#include "daemon/lists/cursor.hpp"

namespace forgelink {
namespace {

// No forge gives more at once, and none minds so many questions side by side (providers 3.7).
constexpr std::size_t forge_page = 100, most_side_by_side = 4;

// Where a list goes on: the forge's own continuation, and how many of that page were given already.
struct Place {
  std::string next;
  std::size_t skip = 0;
};

// A mark of the list that a cursor belongs to, so that one of another connection, repository or branch is not
// taken for a place in this one.
std::string mark_of(std::string_view list, std::string_view place) {
  std::string text(list);
  text.append("\n").append(place);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return {reinterpret_cast<const char*>(digest), 8};
}

std::string cursor_at(const std::string& list, const Place& place) {
  const std::string text = std::to_string(place.skip) + " " + place.next;
  return cursor_of(mark_of(list, text) + text);
}

std::optional<Place> place_of(const std::string& list, const std::string& cursor) {
  const auto whole = cursor_text(cursor);
  if (!whole || whole->size() < 8) return std::nullopt;
  const std::string text = whole->substr(8);
  if (whole->compare(0, 8, mark_of(list, text)) != 0) return std::nullopt;
  const auto space = text.find(' ');
  Place place;
  if (space == std::string::npos) return std::nullopt;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + space, place.skip);
  if (failed != std::errc() || end != text.data() + space || place.skip > 100'000) return std::nullopt;
  place.next = text.substr(space + 1);
  return place;
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
  const std::optional<ItemId> item = connection->token.item;
  const Provider* provider = find_provider(connection->type);
  Target target = target_of(*connection, settings_.endpoints, std::move(*token));
  Result<Page<T>> page = co_await fetch(*provider, std::move(target), std::move(next), want);
  if (!page && page.error().code == Errc::token_rejected && item) tokens_.refused(id, *item);
  if (page && item) tokens_.accepted(id, *item);
  co_return page;
}

// Pages that are asked for side by side.
template <class T>
struct ForgeLists::PageBatch {
  std::vector<std::optional<Result<std::shared_ptr<Page<T>>>>> pages;
  std::size_t open = 0;
  Signal done;
};

template <class T>
awaitable<> ForgeLists::ask_into(std::shared_ptr<PageBatch<T>> stretch, std::size_t place, ConnectionId id,
                                 Fetch<T> fetch, std::string next, std::size_t want) {
  Result<Page<T>> page = co_await ask<T>(id, std::move(fetch), std::move(next), want);
  if (page) {
    stretch->pages[place] = std::make_shared<Page<T>>(std::move(*page));
  } else {
    stretch->pages[place] = page.error();
  }
  if (--stretch->open == 0) stretch->done.notify();
}

template <class T>
awaitable<std::shared_ptr<ForgeLists::PageBatch<T>>> ForgeLists::ask_for_all(ConnectionId id, Fetch<T> fetch,
                                                                           std::vector<std::string> nexts,
                                                                           std::size_t want) {
  const auto stretch = std::make_shared<PageBatch<T>>();
  stretch->pages.resize(nexts.size());
  if constexpr (std::is_same_v<T, Repository>) {
    if (PageCache::SharedPage page = kept(id, nexts.front())) {
      stretch->pages.resize(1);
      stretch->pages.front() = std::move(page);
      co_return stretch;
    }
  }
  stretch->open = nexts.size();
  const auto executor = co_await asio::this_coro::executor;
  for (std::size_t i = 0; i < nexts.size(); ++i)
    spawn(executor, ask_into<T>(stretch, i, id, fetch, std::move(nexts[i]), want));
  while (stretch->open > 0) co_await stretch->done.wait();
  co_return stretch;
}

template <class T>
awaitable<Result<ListPage<T>>> ForgeLists::gather(ConnectionId id, Fetch<T> fetch, std::string list,
                                                  std::size_t limit, std::optional<std::string> cursor) {
  if (const Connection* asked = registry_.find(id)) {
    Result<> allowed = settings_.policy->check(*asked, settings_.endpoints, clock_.now());
    if (!allowed) co_return allowed.error();
  }
  list.insert(0, id.text() + "\n");
  Place place;
  if (cursor) {
    const auto parsed = place_of(list, *cursor);
    if (!parsed)
      co_return invalid("cursor", "This is not a cursor of this list.",
                        "Take next_cursor of the page before, with the same parameters.");
    place = *parsed;
  }
  ListPage<T> page;
  std::vector<std::string> ahead;
  while (true) {
    // Pages as large as what is still wanted, and no more of them, so that nothing is fetched twice.
    const std::size_t want = place.skip + limit - page.items.size();
    std::vector<std::string> nexts = {place.next};
    for (std::string& next : ahead) {
      if (nexts.size() == most_side_by_side || nexts.size() * forge_page >= want) break;
      nexts.push_back(std::move(next));
    }
    const std::shared_ptr<PageBatch<T>> stretch = co_await ask_for_all<T>(id, fetch, nexts, want);
    for (std::size_t i = 0; i < stretch->pages.size(); ++i) {
      if (!*stretch->pages[i]) co_return stretch->pages[i]->error();
      const std::shared_ptr<Page<T>> got = std::move(**stretch->pages[i]);
      page.partial |= got->partial;
      if (page.notice.empty()) page.notice = got->notice;
      std::size_t begin = i == 0 ? place.skip : 0;
      if constexpr (std::is_same_v<T, Repository>) {
        if (got->whole) begin = behind(got->items, place.next);
      }
      const std::size_t end = copy_some(got->items, begin, page.items, limit);
      if (end < got->items.size()) {
        Place rest{.next = nexts[i], .skip = end};
        if constexpr (std::is_same_v<T, Repository>) {
          if (got->whole) rest = {.next = page.items.back().path};
          keep(id, nexts[i], got);
        }
        page.next_cursor = cursor_at(list, rest);
        co_return page;
      }
      if (got->next.empty()) co_return page;
      place = {.next = got->next};
      if (page.items.size() == limit) {
        page.next_cursor = cursor_at(list, place);
        co_return page;
      }
      ahead = got->ahead;
    }
  }
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
                                                                 std::optional<std::string> cursor) {
  Fetch<Repository> fetch = [this](const Provider& provider, Target target, std::string next,
                                   std::size_t wanted) {
    return provider.repositories(http_, std::move(target), std::move(next), wanted);
  };
  return gather<Repository>(id, std::move(fetch), "repositories", limit, std::move(cursor));
}

awaitable<Result<ListPage<Commit>>> ForgeLists::commits(ConnectionId id, CommitQuery query, std::size_t limit,
                                                        std::optional<std::string> cursor) {
  std::string list = "commits\n" + query.repository + "\n" + query.branch;
  Fetch<Commit> fetch = [this, query = std::move(query)](const Provider& provider, Target target,
                                                         std::string next, std::size_t wanted) {
    return provider.commits(http_, std::move(target), query, std::move(next), wanted);
  };
  return gather<Commit>(id, std::move(fetch), std::move(list), limit, std::move(cursor));
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
