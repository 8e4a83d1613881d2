// SPDX-License-Identifier: MIT
// Caches the rest of a list of repositories for 20 s, for the client's next page, since Azure DevOps returns
// all repositories at once.
//
// Bounded for all clients and connections together. Used on the event loop only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>

#include "providers/provider.hpp"
#include "storage/connection.hpp"

namespace forgelink {

class PageCache {
 public:
  using SharedPage = std::shared_ptr<Page<Repository>>;

  explicit PageCache(const asio::any_io_executor& executor) : over_(executor) {}

  // A page that `next` led to, or all of the list. Of a list that is whole a newer one takes the place of the
  // older.
  void keep(const Connection& connection, std::string next, SharedPage page);

  // What `next` leads to; null if it is not kept, or the connection has changed since.
  SharedPage find(const Connection& connection, const std::string& next);

  std::size_t repositories() const;

 private:
  struct Kept {
    ConnectionId connection;
    Time updated_at;
    std::string next;
    SharedPage page;
    std::chrono::steady_clock::time_point until;

    bool answers(const Connection& asked, const std::string& asked_next) const;
  };

  void drop_later();

  std::list<Kept> kept_;  // what was of use last comes first
  asio::steady_timer over_;
};

}  // namespace forgelink
