#include "daemon/forge_lists.hpp"

#include <strings.h>
#include <charconv>

#include "daemon/cursor.hpp"

namespace forgelink {
namespace {

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

bool same_address(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  return a && b && !a->empty() && strcasecmp(a->c_str(), b->c_str()) == 0;
}

}  // namespace

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
  while (true) {
    Result<SharedSecret> token = co_await tokens_.usable(id, Prompt::never);
    if (!token) co_return token.error();
    const Connection* connection = registry_.find(id);
    if (connection == nullptr)
      co_return Error{
          .code = Errc::not_found, .message = "The connection was removed meanwhile.", .field = "connection"};
    const std::optional<ItemId> item = connection->token.item;
    const Provider* provider = find_provider(connection->type);
    Target target = target_of(*connection, settings_.endpoints, std::move(*token));
    // A page as large as what is still wanted, so that nothing is fetched twice.
    const std::size_t want = place.skip + limit - page.items.size();
    Result<Page<T>> got = co_await fetch(*provider, std::move(target), place.next, want);
    if (!got) {
      if (got.error().code == Errc::token_rejected && item) tokens_.refused(id, *item);
      co_return got.error();
    }
    if (item) tokens_.accepted(id, *item);
    page.partial |= got->partial;

    const std::size_t room = limit - page.items.size();
    const std::size_t begin = std::min(place.skip, got->items.size());
    const std::size_t take = std::min(room, got->items.size() - begin);
    std::move(got->items.begin() + static_cast<std::ptrdiff_t>(begin),
              got->items.begin() + static_cast<std::ptrdiff_t>(begin + take), std::back_inserter(page.items));
    if (begin + take < got->items.size()) {
      place.skip = begin + take;
      page.next_cursor = cursor_at(place);
      co_return page;
    }
    if (got->next.empty()) co_return page;
    place.next = std::move(got->next);
    place.skip = 0;
    if (page.items.size() == limit) {
      page.next_cursor = cursor_at(place);
      co_return page;
    }
  }
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
