#include "providers/url.hpp"

#include <algorithm>
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

std::optional<Origin> origin_of(const urls::url_view& url) {
  const std::string scheme = lower(url.scheme());
  if (scheme != "https" && scheme != "http") return std::nullopt;
  const std::string_view host(url.encoded_host().data(), url.encoded_host().size());
  // An encoded host ("git%2eexample") has two spellings; what is compared to byte for byte must have one.
  if (!url.has_authority() || host.empty() || host.find('%') != std::string_view::npos) return std::nullopt;
  Origin origin{.scheme = scheme, .host = lower(host), .port = default_port(scheme)};
  if (url.has_port() && !url.port().empty()) {
    if (url.port_number() == 0) return std::nullopt;  // also one that is too large
    origin.port = url.port_number();
  }
  return origin;
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
  const auto parsed = urls::parse_uri(url);
  return parsed ? origin_of(urls::url_view(*parsed)) : std::nullopt;
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
  const auto parsed = urls::parse_uri(text);
  auto origin = parsed ? origin_of(urls::url_view(*parsed)) : std::nullopt;
  if (!origin) {
    return invalid("server_url", "The server's address is not one that can be reached by HTTPS.",
                   "As https://git.example or https://host:8443/sub-path.");
  }
  while (origin->host.ends_with('.')) origin->host.pop_back();
  const std::string_view path(parsed->encoded_path().data(), parsed->encoded_path().size());
  if (is_bitbucket_on_premise(*origin, path)) return bitbucket_on_premise();
  if (origin->host.empty()) return invalid("server_url", "The server's address has no host.");
  if (parsed->has_userinfo()) {
    return invalid("server_url",
                   "The server's address holds a user name or password, which does not belong there.");
  }
  if (parsed->has_query() || parsed->has_fragment()) {
    return invalid("server_url", "The server's address holds more than the address of the server.",
                   "Leave out what follows ? or #.");
  }
  Result<std::string> kept = normal_path(path);
  if (!kept) return kept;
  if (origin->scheme == "http" && !allow_http && !origin->is_loopback()) {
    return invalid("server_url", "Over http:// the token would go to the server unprotected.",
                   "Use https://, or say yes to it (allow_http, --allow-http).");
  }
  return origin->text() + *kept;
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
