// SPDX-License-Identifier: MIT
#include "providers/http/proxy.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cstdlib>

#include "base/text.hpp"
#include "providers/http/basic.hpp"

namespace forgelink::http {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned default_proxy_port = 1080;  // curl's, and with it git's
constexpr std::string_view no_proxy_address =
    "The proxy's address, in the settings or the environment, is not one that can be used.";

Error unusable_proxy(std::string message) {
  return {.code = Errc::proxy_failed,
          .message = std::move(message),
          .hint = "Write it as http://proxy.example:3128, under [network] proxy or in HTTPS_PROXY."};
}

// What is not encoded stays as it is: "100%" is a password, too.
std::string decoded(std::string_view text) { return percent_decoded(text).value_or(std::string(text)); }

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
    std::string entry = lower_case(no_proxy.substr(0, comma));
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

Result<Proxy> parse_proxy(std::string_view text) {
  std::string scheme = "http";
  if (const auto mark = text.find("://"); mark != std::string_view::npos) {
    scheme = lower_case(text.substr(0, mark));
    text.remove_prefix(mark + 3);
  }
  if (scheme.starts_with("socks"))
    return unusable_proxy("The proxy's address names a SOCKS proxy, which is not supported.");
  if (scheme == "https")
    return unusable_proxy(
        "The proxy's address names a proxy that is asked by TLS (https://), which is not supported.");
  if (scheme != "http") return unusable_proxy(std::string(no_proxy_address));
  text = text.substr(0, text.find_first_of("/?#"));
  // The last one: a user may be called "me@corp.example".
  const auto at = text.rfind('@');
  const std::string_view place = at == std::string_view::npos ? text : text.substr(at + 1);
  const auto origin = origin_of("http://" + std::string(place));
  if (!origin) return unusable_proxy(std::string(no_proxy_address));
  const bool ported = place.rfind(':') != std::string_view::npos && !place.ends_with(']');
  Proxy proxy{.host = origin->host, .port = ported ? origin->port : default_proxy_port};
  if (proxy.host.starts_with('[')) proxy.host = proxy.host.substr(1, proxy.host.size() - 2);
  if (at == std::string_view::npos) return proxy;
  const std::string_view login = text.substr(0, at);
  const auto colon = login.find(':');
  const std::string user = decoded(login.substr(0, colon));
  const Secret password(colon == std::string_view::npos ? "" : decoded(login.substr(colon + 1)));
  proxy.credentials = std::make_shared<const Secret>(basic_credentials(user, password.reveal()));
  return proxy;
}

Result<std::optional<Proxy>> proxy_for(const Origin& origin, const std::string& setting) {
  // What is for the own host goes there and nowhere else: over http:// a proxy would see the token.
  if (origin.is_loopback()) return std::optional<Proxy>();
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
  Result<Proxy> proxy = parse_proxy(address);
  if (!proxy) return proxy.error();
  return std::optional(std::move(*proxy));
}

}  // namespace forgelink::http
