// SPDX-License-Identifier: MIT
#include "providers/http/proxy.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/url.hpp>
#include <cstdlib>

#include "providers/http/basic.hpp"

namespace forgelink::http {
namespace {

namespace ip = boost::asio::ip;

std::string from_environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return "";
}

bool in_network(const std::string& host, const std::string& block) {
  boost::system::error_code error;
  const ip::address address =
      ip::make_address(host.starts_with('[') ? host.substr(1, host.size() - 2) : host, error);
  if (error) return false;
  if (address.is_v4()) {
    const auto network = ip::make_network_v4(block, error);
    return !error &&
           ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network.canonical();
  }
  const auto network = ip::make_network_v6(block, error);
  return !error &&
         ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network.canonical();
}

}  // namespace

bool is_exempt(const Origin& origin, std::string_view no_proxy) {
  while (!no_proxy.empty()) {
    const auto comma = no_proxy.find_first_of(", \t");
    std::string entry(no_proxy.substr(0, comma));
    std::transform(entry.begin(), entry.end(), entry.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    no_proxy.remove_prefix(comma == std::string_view::npos ? no_proxy.size() : comma + 1);
    if (entry.empty()) continue;
    if (entry == "*") return true;
    if (entry.find('/') != std::string::npos) {
      if (in_network(origin.host, entry)) return true;
      continue;
    }
    const auto colon = entry.rfind(':');
    // Of an IPv6 address the colons are its own, unless it stands in brackets.
    const bool ported = colon != std::string::npos &&
                        (entry.starts_with('[') ? entry[colon - 1] == ']' : entry.find(':') == colon);
    if (ported) {
      if (entry.substr(colon + 1) != std::to_string(origin.port)) continue;
      entry.resize(colon);
    }
    // ".example.org", "*.example.org" and "example.org" all stand for the host and all below it, as curl
    // reads the first and the last.
    if (entry.starts_with("*.")) entry.erase(0, 1);
    if (entry.starts_with('.')) entry.erase(0, 1);
    while (entry.ends_with('.')) entry.pop_back();
    if (entry.empty()) continue;
    if (origin.host == entry || origin.host == "[" + entry + "]" || origin.host.ends_with("." + entry))
      return true;
  }
  return false;
}

Result<std::optional<Proxy>> proxy_for(const Origin& origin, const std::string& setting) {
  std::string address = setting;
  if (address.empty()) {
    // http:// is proxied by the lower-case name only, as everywhere since CGI made HTTP_PROXY a trap
    // (CVE-2016-5385).
    address = origin.scheme == "https"
                  ? from_environment({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                  : from_environment({"http_proxy", "all_proxy", "ALL_PROXY"});
  }
  if (address.empty() || is_exempt(origin, from_environment({"no_proxy", "NO_PROXY"})))
    return std::optional<Proxy>();
  if (address.find("://") == std::string::npos) address.insert(0, "http://");
  const auto place = origin_of(address);
  const auto parsed = boost::urls::parse_uri(address);
  if (!place || place->scheme != "http" || !parsed) {
    return Error{
        .code = Errc::proxy_failed,
        .message = "The proxy's address, in the settings or the environment, is not one that can be used.",
        .hint = "Write it as http://proxy.example:3128, under [network] proxy or in HTTPS_PROXY."};
  }
  Proxy proxy{.host = place->host, .port = place->port};
  if (proxy.host.starts_with('[')) proxy.host = proxy.host.substr(1, proxy.host.size() - 2);
  if (parsed->has_userinfo())
    proxy.credentials = std::make_shared<const Secret>(basic_credentials(parsed->user(), parsed->password()));
  return std::optional(std::move(proxy));
}

}  // namespace forgelink::http
