// SPDX-License-Identifier: MIT
#include "base/url.hpp"

#include <algorithm>
#include <boost/url.hpp>
#include <charconv>

#include "base/text.hpp"

namespace forgelink {
namespace {

namespace urls = boost::urls;

unsigned default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// The port's number; the usual one where there is none, 0 for what is no port.
unsigned port_of(std::string_view text, std::string_view scheme) {
  if (text.empty()) return default_port(scheme);
  unsigned port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size() && port <= 65535 ? port : 0;
}

// A name, an IPv4 address or an IPv6 one in brackets. An encoded host ("git%2eexample") would have two
// spellings; what is compared byte for byte must have one.
bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    return urls::parse_ipv6_address(host.substr(1, host.size() - 2)).has_value();
  }
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

}  // namespace

std::string Origin::authority() const {
  return port == default_port(scheme) ? host : host + ":" + std::to_string(port);
}

std::string Origin::text() const { return scheme + "://" + authority(); }

bool is_localhost_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");
}

bool Origin::is_loopback() const {
  if (is_localhost_name(host)) return true;
  if (const auto v4 = urls::parse_ipv4_address(host)) return v4->is_loopback();
  if (!host.starts_with('[') || !host.ends_with(']')) return false;
  const auto v6 = urls::parse_ipv6_address(std::string_view(host).substr(1, host.size() - 2));
  // An IPv4-mapped address ends in the four bytes of the IPv4 one (RFC 4291 section 2.5.5.2).
  return v6 && (v6->is_loopback() || (v6->is_v4_mapped() && v6->to_bytes()[12] == 127));
}

std::optional<WebAddress> parse_web_address(std::string_view url) {
  if (!urls::parse_uri(url)) return std::nullopt;
  WebAddress address;
  const auto mark = url.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  address.scheme = lower_case(url.substr(0, mark));
  if (address.scheme != "https" && address.scheme != "http") return std::nullopt;
  url.remove_prefix(mark + 3);

  const auto more = url.find_first_of("?#");
  address.has_more = more != std::string_view::npos;
  url = url.substr(0, more);
  const auto slash = url.find('/');
  if (slash != std::string_view::npos) address.path = std::string(url.substr(slash));
  std::string_view authority = url.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    address.has_user = true;
    authority.remove_prefix(at + 1);
  }
  const auto colon = authority.rfind(':');
  const bool ported = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  address.port = port_of(ported ? authority.substr(colon + 1) : std::string_view(), address.scheme);
  address.host = lower_case(authority.substr(0, ported ? colon : authority.size()));
  if (address.port == 0 || !is_host(address.host)) return std::nullopt;
  return address;
}

std::optional<Origin> origin_of(std::string_view url) {
  const auto address = parse_web_address(url);
  if (!address) return std::nullopt;
  return address->origin();
}

std::string percent_encoded(std::string_view text) { return urls::encode(text, urls::unreserved_chars); }

std::optional<std::string> percent_decoded(std::string_view text) {
  const auto decoded = urls::make_pct_string_view(text);
  if (!decoded) return std::nullopt;
  std::string out;
  decoded->decode({}, urls::string_token::assign_to(out));
  return out;
}

std::string with_parameter(const std::string& url, std::string_view name, std::string_view value) {
  const auto mark = url.find('?');
  std::string kept = url.substr(0, mark);
  char separator = '?';
  for (std::size_t at = mark; at < url.size();) {
    const auto end = std::min(url.find('&', at + 1), url.size());
    const std::string_view parameter = std::string_view(url).substr(at + 1, end - at - 1);
    if (parameter.substr(0, parameter.find('=')) != name) {
      kept.append(1, separator).append(parameter);
      separator = '&';
    }
    at = end;
  }
  return kept + separator + percent_encoded(name) + "=" + percent_encoded(value);
}

std::string with_query(std::string url, const std::vector<std::pair<std::string, std::string>>& query) {
  char separator = url.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [key, value] : query) {
    url += separator;
    url += percent_encoded(key) + "=" + percent_encoded(value);
    separator = '&';
  }
  return url;
}

}  // namespace forgelink
