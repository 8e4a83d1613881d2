#include "providers/url.hpp"

#include <algorithm>
#include <boost/url.hpp>
#include <charconv>

namespace forgelink {
namespace {

namespace urls = boost::urls;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

unsigned default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// The port's number; the usual one where there is none, 0 for what is no port.
unsigned port_of(std::string_view text, std::string_view scheme) {
  if (text.empty()) return default_port(scheme);
  unsigned port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size() && port <= 65535 ? port : 0;
}

// An address in its pieces, as it is written. Boost checks its grammar; taken apart it is here, because
// Boost 1.81 takes what follows a dotted quad or a bad port for the path: of 127.0.0.1.evil.example the host
// would be 127.0.0.1.
struct Pieces {
  std::string scheme, host;  // in lower case
  unsigned port = 0;         // never 0
  std::string path;
  bool has_user = false, has_more = false;  // something before the host; a query or fragment

  Origin origin() const { return {.scheme = scheme, .host = host, .port = port}; }
};

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

std::optional<Pieces> pieces_of(std::string_view url) {
  if (!urls::parse_uri(url)) return std::nullopt;
  Pieces pieces;
  const auto mark = url.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  pieces.scheme = lower(url.substr(0, mark));
  if (pieces.scheme != "https" && pieces.scheme != "http") return std::nullopt;
  url.remove_prefix(mark + 3);

  const auto more = url.find_first_of("?#");
  pieces.has_more = more != std::string_view::npos;
  url = url.substr(0, more);
  const auto slash = url.find('/');
  if (slash != std::string_view::npos) pieces.path = std::string(url.substr(slash));
  std::string_view authority = url.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    pieces.has_user = true;
    authority.remove_prefix(at + 1);
  }
  const auto colon = authority.rfind(':');
  const bool ported = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  pieces.port = port_of(ported ? authority.substr(colon + 1) : std::string_view(), pieces.scheme);
  pieces.host = lower(authority.substr(0, ported ? colon : authority.size()));
  if (pieces.port == 0 || !is_host(pieces.host)) return std::nullopt;
  return pieces;
}

// Marks of Bitbucket Server and Data Center (providers 8).
bool is_bitbucket_on_premise(const Origin& origin, std::string_view path) {
  if (origin.host == "bitbucket.org") return false;
  if (origin.port == 7990 || origin.port == 7999) return true;
  const bool scm = path.find("/scm/") != std::string_view::npos || path.ends_with("/scm");
  const bool browse =
      (path.find("/projects/") != std::string_view::npos || path.find("/users/") != std::string_view::npos) &&
      path.find("/repos/") != std::string_view::npos;
  return scm || browse || path.find("/rest/api/1.0") != std::string_view::npos;
}

Error bitbucket_on_premise() {
  return {.code = Errc::bitbucket_on_premise_unsupported,
          .message =
              "This is a Bitbucket on premises (Server, Data Center), which is not supported, only "
              "bitbucket.org.",
          .field = "server_url"};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "/sub/path" without empty parts and slashes at its end; refused if a part leads elsewhere or hides
// something.
Result<std::string> normal_path(std::string_view path) {
  std::string kept;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty()) continue;
    const auto plain = percent_decoded(part);
    const bool bad =
        !plain || *plain == "." || *plain == ".." || plain->find('/') != std::string::npos ||
        std::any_of(plain->begin(), plain->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (bad) return invalid("server_url", "The server's address holds a path that leads nowhere.");
    kept += "/" + std::string(part);
  }
  return kept;
}

}  // namespace

std::string Origin::authority() const {
  return port == default_port(scheme) ? host : host + ":" + std::to_string(port);
}

std::string Origin::text() const { return scheme + "://" + authority(); }

bool Origin::is_loopback() const {
  if (host == "localhost") return true;
  if (const auto v4 = urls::parse_ipv4_address(host)) return v4->is_loopback();
  if (!host.starts_with('[') || !host.ends_with(']')) return false;
  const auto v6 = urls::parse_ipv6_address(std::string_view(host).substr(1, host.size() - 2));
  return v6 && v6->is_loopback();
}

std::optional<Origin> origin_of(std::string_view url) {
  const auto pieces = pieces_of(url);
  if (!pieces) return std::nullopt;
  return pieces->origin();
}

Result<std::string> normal_server_url(std::string_view typed, bool allow_http) {
  const std::string_view words = trimmed(typed);
  const std::string text =
      words.find("://") == std::string_view::npos ? "https://" + std::string(words) : std::string(words);
  if (lower(text).starts_with("ssh://") && text.find(":7999") != std::string::npos)
    return bitbucket_on_premise();

  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; })) {
    return invalid("server_url", "The server's address holds letters that no address on the wire has.",
                   "Write its host as it is registered, beginning with xn--.");
  }
  auto address = pieces_of(text);
  if (!address) {
    return invalid("server_url", "The server's address is not one that can be reached by HTTPS.",
                   "As https://git.example or https://host:8443/sub-path.");
  }
  while (address->host.ends_with('.')) address->host.pop_back();
  if (address->host.empty()) return invalid("server_url", "The server's address has no host.");
  const Origin origin = address->origin();
  if (is_bitbucket_on_premise(origin, address->path)) return bitbucket_on_premise();
  if (address->has_user) {
    return invalid("server_url",
                   "The server's address holds a user name or password, which does not belong there.");
  }
  if (address->has_more) {
    return invalid("server_url", "The server's address holds more than the address of the server.",
                   "Leave out what follows ? or #.");
  }
  Result<std::string> kept = normal_path(address->path);
  if (!kept) return kept;
  if (is_bitbucket_on_premise(origin, *kept)) return bitbucket_on_premise();
  if (origin.scheme == "http" && !allow_http && !origin.is_loopback()) {
    return invalid("server_url", "Over http:// the token would go to the server unprotected.",
                   "Use https://, or say yes to it (allow_http, --allow-http).");
  }
  return origin.text() + *kept;
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
