#include "daemon/forge_lists.hpp"

#include <strings.h>
#include <charconv>
#include <type_traits>
#include <utility>

#include "daemon/cursor.hpp"

namespace forgelink {
namespace {

// No forge gives more at once, and none minds so many questions side by side (providers 3.7).
constexpr std::size_t forge_page = 100, most_side_by_side = 4;

// Where a list goes on: the forge's own continuation, and how many of that page were given already.
struct Place {
  std::string next;
  std::size_t skip = 0;
};

std::string cursor_at(const Place& place) { return cursor_of(std::to_string(place.skip) + " " + place.next); }

std::optional<Place> place_of(const std::string& cursor) {
  const auto text = cursor_text(cursor);
  if (!text) return std::nullopt;
  const auto space = text->find(' ');
  Place place;
  if (space == std::string::npos) return std::nullopt;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + space, place.skip);
  if (failed != std::errc() || end != text->data() + space || place.skip > 100'000) return std::nullopt;
  place.next = text->substr(space + 1);
  return place;
}

// As many as there is room for, from `begin` on; how many that were.
template <class T>
std::size_t move_some(std::vector<T>& from, std::size_t begin, std::vector<T>& into, std::size_t limit) {
  begin = std::min(begin, from.size());
  const std::size_t count = std::min(limit - into.size(), from.size() - begin);
  const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
  std::move(first, first + static_cast<std::ptrdiff_t>(count), std::back_inserter(into));
  return count;
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
struct ForgeLists::Stretch {
  std::vector<std::optional<Result<Page<T>>>> pages;
  std::size_t open;
  Signal done;
};

template <class T>
awaitable<> ForgeLists::ask_into(std::shared_ptr<Stretch<T>> stretch, std::size_t place, ConnectionId id,
                                 Fetch<T> fetch, std::string next, std::size_t want) {
  Result<Page<T>> page = co_await ask<T>(id, std::move(fetch), std::move(next), want);
  stretch->pages[place] = std::move(page);
  if (--stretch->open == 0) stretch->done.notify();
}

template <class T>
awaitable<std::shared_ptr<ForgeLists::Stretch<T>>> ForgeLists::ask_for_all(ConnectionId id, Fetch<T> fetch,
                                                                           std::vector<std::string> nexts,
                                                                           std::size_t want) {
  const auto stretch = std::make_shared<Stretch<T>>();
  stretch->pages.resize(nexts.size());
  stretch->open = nexts.size();
  const auto executor = co_await asio::this_coro::executor;
  for (std::size_t i = 0; i < nexts.size(); ++i)
    spawn(executor, ask_into<T>(stretch, i, id, fetch, std::move(nexts[i]), want));
  while (stretch->open > 0) co_await stretch->done.wait();
  co_return stretch;
}

template <class T>
awaitable<Result<ListPage<T>>> ForgeLists::gather(ConnectionId id, Fetch<T> fetch, std::size_t limit,
                                                  std::optional<std::string> cursor) {
  Place place;
  if (cursor) {
    const auto parsed = place_of(*cursor);
    if (!parsed) co_return invalid("cursor", "This is not a cursor of this list.");
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
    std::shared_ptr<Stretch<T>> stretch;
    if constexpr (std::is_same_v<T, Repository>) {
      if (auto rest = take_rest(id, place.next, place.skip)) {
        stretch = std::make_shared<Stretch<T>>();
        stretch->pages.emplace_back(*std::move(rest));
        nexts.resize(1);
      }
    }
    if (!stretch) stretch = co_await ask_for_all<T>(id, fetch, nexts, want);
    for (std::size_t i = 0; i < nexts.size(); ++i) {
      Result<Page<T>>& got = *stretch->pages[i];
      if (!got) co_return got.error();
      place.next = nexts[i];
      page.partial |= got->partial;
      place.skip += move_some(got->items, place.skip, page.items, limit);
      if (place.skip < got->items.size()) {
        page.next_cursor = cursor_at(place);
        if constexpr (std::is_same_v<T, Repository>) keep_rest(id, place.next, place.skip, std::move(*got));
        co_return page;
      }
      if (got->next.empty()) co_return page;
      place = {.next = std::move(got->next)};
      if (page.items.size() == limit) {
        page.next_cursor = cursor_at(place);
        co_return page;
      }
      ahead = std::move(got->ahead);
    }
  }
}

void ForgeLists::keep_rest(ConnectionId id, std::string next, std::size_t given, Page<Repository> page) {
  const Connection* connection = registry_.find(id);
  if (connection == nullptr) return;
  rest_ = Rest{id, connection->updated_at, std::move(next), given, std::move(page)};
  forget_rest_.expires_after(std::chrono::minutes(1));
  forget_rest_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) rest_.reset();
  });
}

std::optional<Page<Repository>> ForgeLists::take_rest(ConnectionId id, const std::string& next,
                                                      std::size_t given) {
  const Connection* connection = registry_.find(id);
  const bool fits = rest_ && connection != nullptr && rest_->connection == id &&
                    rest_->updated_at == connection->updated_at && rest_->next == next &&
                    rest_->given == given;
  if (!fits) return std::nullopt;
  forget_rest_.cancel();
  return std::exchange(rest_, std::nullopt)->page;
}

awaitable<Result<ListPage<Repository>>> ForgeLists::repositories(ConnectionId id, std::size_t limit,
                                                                 std::optional<std::string> cursor) {
  Fetch<Repository> fetch = [this](const Provider& provider, Target target, std::string next,
                                   std::size_t wanted) {
    return provider.repositories(http_, std::move(target), std::move(next), wanted);
  };
  return gather<Repository>(id, std::move(fetch), limit, std::move(cursor));
}

awaitable<Result<ListPage<Commit>>> ForgeLists::commits(ConnectionId id, CommitQuery query, std::size_t limit,
                                                        std::optional<std::string> cursor) {
  Fetch<Commit> fetch = [this, query = std::move(query)](const Provider& provider, Target target,
                                                         std::string next, std::size_t wanted) {
    return provider.commits(http_, std::move(target), query, std::move(next), wanted);
  };
  return gather<Commit>(id, std::move(fetch), limit, std::move(cursor));
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
