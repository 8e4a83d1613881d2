// SPDX-License-Identifier: MIT
// Where the cloud types' servers are: their own addresses, unless the settings replace some
// ([endpoints.TYPE] name = "…"), which tests and mirrors do.
//
// A plain value; used on the event loop.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace forgelink {

// An address that a provider declares, as {"api", "https://api.github.com"}.
struct Endpoint {
  std::string_view name, url;
};

class Endpoints {
 public:
  // The address without a slash at its end: the replacement, else what the provider declares.
  // REQUIRES: the type declares an endpoint of that name; "" otherwise.
  std::string of(std::string_view type, std::string_view name) const;

  void replace(std::string_view type, std::string_view name, std::string url);

  bool operator==(const Endpoints&) const = default;

 private:
  std::map<std::pair<std::string, std::string>, std::string, std::less<>> replaced_;
};

}  // namespace forgelink
