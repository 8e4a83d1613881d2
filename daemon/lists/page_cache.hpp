// SPDX-License-Identifier: MIT
// Caches the rest of a list of repositories for 20 s, for the client's next page, since Azure DevOps returns
// all repositories at once.
//
// Bounded for all clients and connections together. Used on the event loop only.
#pragma once

#include <memory>
#include <string>

#include "base/expiring_cache.hpp"
#include "providers/provider.hpp"
#include "storage/connection.hpp"

namespace forgelink {

class PageCache {
 public:
  using SharedPage = std::shared_ptr<Page<Repository>>;

  explicit PageCache(const asio::any_io_executor& executor);

  // A page that `next` led to, or all of the list. Of a list that is whole a newer one takes the place of the
  // older.
  void keep(const Connection& connection, std::string next, SharedPage page);

  // What `next` leads to; null if it is not kept, or the connection has changed since.
  SharedPage find(const Connection& connection, const std::string& next);

  std::size_t repositories() const;

 private:
  struct Place {
    ConnectionId connection;
    std::string next;  // "" for a list that is whole: it answers every place in it
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const;
  };
  struct Kept {
    Time updated_at;
    SharedPage page;
  };

  ExpiringCache<Place, Kept, PlaceHash> kept_;
};

}  // namespace forgelink
