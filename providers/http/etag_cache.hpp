// SPDX-License-Identifier: MIT
// A cache of replies with an ETag, for revalidation by "304 Not Modified" (RFC 9110 section 13.1.2), which
// costs the forge and the rate limit next to nothing.
//
// Bodies are compressed: a page of GitHub's is half a megabyte, and compresses to a tenth. When the cache is
// full, entries that were used in the last minutes stay and a new one is not stored; otherwise a long list
// would evict its own beginning. On the loop.
#pragma once

#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "providers/http/http.hpp"

namespace forgelink::http {

class EtagCache {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // "" if nothing is known under that key.
  std::string etag(std::string_view key, Time now);

  // The reply that the forge has just called unchanged (`not_modified`): the body as it was, the headers as
  // they are by now, since scopes, ends and links may have changed. Nothing if it was forgotten meanwhile.
  std::optional<Reply> unchanged(std::string_view key, const Reply& not_modified) const;

  // Only what has an ETag, is not too large and finds room. `connection`: whose it is.
  void keep(std::string key, std::string connection, const Reply& reply, Time now);

  void forget(std::string_view connection);

  std::size_t size() const { return size_; }  // bytes

 private:
  struct Entry {
    std::string key, connection, etag;
    Reply head;  // without its body
    std::string packed;
    std::size_t unpacked_size = 0;
    Time used;

    std::size_t size() const;
  };
  using Place = std::list<Entry>::iterator;

  void erase(Place at);
  bool make_room(std::size_t wanted, Time now);

  std::list<Entry> entries_;  // what was of use last comes first
  std::size_t size_ = 0;
};

}  // namespace forgelink::http
