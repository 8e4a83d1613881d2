// SPDX-License-Identifier: MIT
// Lists that forges keep, a page at a time: repositories and commits of a connection.
//
// A client's page is put together from as many of the forge's as it takes, some of them concurrently; the
// cursor says which page of the forge comes next and how much of it was given already, and of which list it
// is. A page that fails after others came ends the client's page there, with a notice. A list that does not
// end is ended (ListGuard), with what was got; nothing more is asked once the client is gone. Used on the
// event loop only. Fails as Tokens::usable and the provider do, and with invalid_params.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/lists/page_cache.hpp"
#include "providers/provider.hpp"

namespace forgelink {

template <class T>
struct ListPage {
  std::vector<T> items;
  std::optional<std::string> next_cursor;
  bool partial = false;
  std::string notice = {};
};

class ForgeLists {
 public:
  // Asked before each further page of the forge's: does somebody still wait for this?
  using Wanted = std::function<bool()>;

  ForgeLists(const asio::any_io_executor& executor, Registry& registry, Tokens& tokens, http::Client& http,
             const Settings& settings, const Clock& clock)
      : registry_(registry),
        tokens_(tokens),
        http_(http),
        settings_(settings),
        clock_(clock),
        kept_(executor) {}

  awaitable<Result<ListPage<Repository>>> repositories(ConnectionId id, std::size_t limit,
                                                       std::optional<std::string> cursor, Wanted wanted);
  awaitable<Result<ListPage<Commit>>> commits(ConnectionId id, CommitQuery query, std::size_t limit,
                                              std::optional<std::string> cursor, Wanted wanted);

 private:
  // Where a list goes on: the forge's own continuation, and how many of that page were given already.
  struct Place {
    std::string next;
    std::size_t skip = 0;
  };

  template <class T>
  using Fetch =
      std::function<awaitable<Result<Page<T>>>(const Provider&, Target, std::string next, std::size_t limit)>;

  template <class T>
  struct PageBatch;

  template <class T>
  awaitable<Result<Page<T>>> ask(ConnectionId id, Fetch<T> fetch, std::string next, std::size_t want);
  template <class T>
  awaitable<> ask_into(std::shared_ptr<PageBatch<T>> batch, std::size_t place, ConnectionId id,
                       Fetch<T> fetch, std::string next, std::size_t want);
  template <class T>
  awaitable<std::shared_ptr<PageBatch<T>>> ask_for_all(ConnectionId id, Fetch<T> fetch,
                                                       std::vector<std::string> nexts, std::size_t want);
  template <class T>
  awaitable<Result<ListPage<T>>> gather(ConnectionId id, Fetch<T> fetch, std::string list, std::size_t limit,
                                        std::optional<std::string> cursor, Wanted wanted);
  template <class T>
  awaitable<Result<ListPage<T>>> gather_from(ConnectionId id, Fetch<T> fetch, std::string list,
                                             std::size_t limit, Place place, Wanted wanted);
  template <class T>
  bool take(ConnectionId id, const std::string& list, std::shared_ptr<Page<T>> got, const std::string& at,
            std::size_t limit, Place& place, ListPage<T>& page);
  PageCache::SharedPage kept(ConnectionId id, const std::string& next);
  void keep(ConnectionId id, std::string next, PageCache::SharedPage page);

  Registry& registry_;
  Tokens& tokens_;
  http::Client& http_;
  const Settings& settings_;
  const Clock& clock_;
  PageCache kept_;
};

// How a commit's author is shown (docs/architecture.md 8): with a user name on the connection the author's
// user name, else the name; without one the address.
std::string author_display(const Commit& commit, const Connection& connection);

// The author's user name, the connection's own address included among what is known.
std::optional<std::string> author_username(const Commit& commit, const Connection& connection);

}  // namespace forgelink
