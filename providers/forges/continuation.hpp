// SPDX-License-Identifier: MIT
// Where a list goes on: what a forge says, brought to where the connection's token may go.
//
// Plain functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "providers/http/http.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges {

// Link: <...>; rel="next" (RFC 8288). "" if there is none of that relation.
std::string link_to(std::string_view relation, const http::Reply& reply);

// The same page at the connection's own API, whose root `api` is: path and query of `link` at `api`'s origin.
// A proxy before a server, and a server that was set up with another name, port or sub-path, give links that
// lead past it. Nothing for what is no address, or has no place there.
std::optional<std::string> own_address(std::string_view link, std::string_view api);

// A continuation of ours, as a client gives it back: `forge_error` before anything is sent if it leads
// anywhere but to the origin of `root`. "" stays "".
Result<std::string> checked_next(std::string next, std::string_view root, std::string_view forge);

// Sets where the page goes on. Where `link` leads nowhere, what was got is kept and the page is marked
// partial.
template <class T>
void continue_at(const std::string& link, std::string_view api, std::string_view forge, Page<T>& page) {
  if (link.empty()) return;
  if (auto next = own_address(link, api)) {
    page.next = std::move(*next);
    return;
  }
  page.partial = true;
  page.notice =
      std::string(forge) + " gives an address for the rest of the list that is not part of its API.";
}

}  // namespace forgelink::forges
