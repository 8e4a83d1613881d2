#include "providers/url.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/url.hpp>

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

// What stands between "://" and the path. Taken by hand: Boost.URL 1.81 ends the host of
// http://10.0.0.1.example/ after its fourth number and takes the rest for a path.
std::string_view authority_of(std::string_view url) {
  const auto begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = url.substr(begin + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

std::string_view path_of(std::string_view url) {
  const std::string_view authority = authority_of(url);
  const std::string_view rest =
      url.substr(static_cast<std::size_t>(authority.data() - url.data()) + authority.size());
  return rest.substr(0, rest.find_first_of("?#"));
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) return host.ends_with(']') && host.size() > 4;
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
}

// "." or ".." as a part of the path, however they are written.
bool leads_elsewhere(std::string_view path) {
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    const auto decoded = percent_decoded(part);
    if (!decoded || *decoded == "." || *decoded == "..") return true;
  }
  return false;
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

}  // namespace

std::string Origin::authority() const {
  return port == default_port(scheme) ? host : host + ":" + std::to_string(port);
}

std::string Origin::text() const { return scheme + "://" + authority(); }

bool Origin::is_loopback() const {
  if (host == "localhost" || host == "[::1]") return true;
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address_v4(host, no_address);
  return !no_address && address.is_loopback();
}

std::optional<Origin> origin_of(std::string_view url) {
  const auto parsed = urls::parse_uri(url);
  if (!parsed) return std::nullopt;
  const std::string scheme = lower(std::string_view(parsed->scheme().data(), parsed->scheme().size()));
  if (scheme != "https" && scheme != "http") return std::nullopt;
  std::string_view host = authority_of(url);
  if (const auto user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
  Origin origin{.scheme = scheme, .port = default_port(scheme)};
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const std::string digits(host.substr(colon + 1));
    host = host.substr(0, colon);
    if (!digits.empty()) {
      const bool number = digits.size() <= 5 && digits.find_first_not_of("0123456789") == std::string::npos;
      const unsigned long port = number ? std::stoul(digits) : 0;
      if (port == 0 || port > 65'535) return std::nullopt;
      origin.port = static_cast<unsigned>(port);
    }
  }
  if (!is_host(host)) return std::nullopt;
  origin.host = lower(host);
  return origin;
}

Result<std::string> normal_server_url(std::string_view typed, bool allow_http) {
  const std::string with_scheme =
      typed.find("://") == std::string_view::npos ? "https://" + std::string(typed) : std::string(typed);
  const auto refuse = [](std::string message, std::string hint = {}) {
    return invalid("server_url", std::move(message), std::move(hint));
  };

  if (lower(with_scheme).starts_with("ssh://") && with_scheme.find(":7999") != std::string::npos) {
    return Error{.code = Errc::bitbucket_on_premise_unsupported,
                 .message =
                     "This is a Bitbucket on premises (Server, Data Center), which is not supported, only "
                     "bitbucket.org.",
                 .field = "server_url"};
  }
  const auto parsed = urls::parse_uri(with_scheme);
  const auto origin = origin_of(with_scheme);
  if (!origin)
    return refuse("The server's address is not one that can be reached by HTTPS.",
                  "As https://git.example or https://host:8443/sub-path.");
  const std::string_view path = path_of(with_scheme);
  if (is_bitbucket_on_premise(*origin, path)) {
    return Error{.code = Errc::bitbucket_on_premise_unsupported,
                 .message =
                     "This is a Bitbucket on premises (Server, Data Center), which is not supported, only "
                     "bitbucket.org.",
                 .field = "server_url"};
  }
  if (parsed->has_userinfo())
    return refuse("The server's address holds a user name or password, which does not belong there.");
  if (parsed->has_query() || parsed->has_fragment())
    return refuse("The server's address holds more than the address of the server.",
                  "Leave out what follows ? or #.");
  if (leads_elsewhere(path)) return refuse("The server's address holds a path that goes nowhere.");
  if (origin->scheme == "http" && !allow_http && !origin->is_loopback()) {
    return refuse("Over http:// the token would go to the server unprotected.",
                  "Use https://, or say yes to it (allow_http, --allow-http).");
  }
  std::string kept(path);
  while (kept.ends_with('/')) kept.pop_back();
  return origin->text() + kept;
}

std::string percent_encoded(std::string_view text) { return urls::encode(text, urls::unreserved_chars); }

std::optional<std::string> percent_decoded(std::string_view text) {
  const auto decoded = urls::make_pct_string_view(text);
  if (!decoded) return std::nullopt;
  std::string out;
  decoded->decode({}, urls::string_token::assign_to(out));
  return out;
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
