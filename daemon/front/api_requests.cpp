// SPDX-License-Identifier: MIT
#include "daemon/front/api_requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "base/url.hpp"
#include "daemon/model/connection_rules.hpp"
#include "providers/http/token_mask.hpp"

namespace forgelink {
namespace {

constexpr int most_hops = 5;

// RFC 9110 section 5.6.2
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

Result<> check_method(const ApiRequests::Question& question) {
  const std::string& method = question.method;
  const bool known =
      std::find_if(method.begin(), method.end(), [](char c) { return c < 'A' || c > 'Z'; }) == method.end() &&
      !method.empty() && method.size() <= 16;
  if (!known || method == "CONNECT" || method == "TRACE")
    return invalid("method", "`method` is not a method of an API.", "As GET, POST, PATCH, PUT or DELETE.");
  const bool reads = method == "GET" || method == "HEAD";
  if (!reads && !question.write)
    return invalid("write", fmt::format("{} may change something at the forge.", method),
                   "Allow it with `write`.");
  if (reads && !question.body.empty()) return invalid("body", fmt::format("{} has no body.", method));
  return {};
}

// The path of an address, without its query.
std::string path_of_url(std::string_view url) {
  const auto address = parse_web_address(url);
  return address ? address->path : "";
}

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

// What an address of the forge is as a path below the root, with its query; nothing for one elsewhere.
std::optional<std::string> path_below(const std::string& root, std::string_view url) {
  const auto origin = origin_of(root);
  std::string absolute(url);
  if (absolute.starts_with('/') && !absolute.starts_with("//") && origin)
    absolute = origin->text() + absolute;
  if (!origin || origin_of(absolute) != origin) return std::nullopt;
  const auto begin = absolute.find('/', absolute.find("://") + 3);
  const std::string whole = begin == std::string::npos ? "/" : absolute.substr(begin);
  const std::string path = whole.substr(0, whole.find('?'));
  const auto rest = below(path, without_slash(path_of_url(root)));
  if (!rest || !parse_api_path(*rest)) return std::nullopt;
  return std::string(rest->empty() ? "/" : *rest) + whole.substr(path.size());
}

// RFC 8288: <address>; rel="next"
std::string next_in_links(std::string_view links) {
  for (std::size_t begin = links.find('<'); begin != std::string_view::npos;
       begin = links.find('<', begin + 1)) {
    const auto end = links.find('>', begin);
    if (end == std::string_view::npos) break;
    const auto stop = std::min(links.find('<', end), links.size());
    if (links.substr(end, stop - end).find("rel=\"next\"") != std::string_view::npos)
      return std::string(links.substr(begin + 1, end - begin - 1));
  }
  return "";
}

// Where the forge says that a list goes on: a Link header, a `next` in the body, the start of Data Center's
// next page, or Azure's continuation.
std::optional<std::string> next_page(const http::Reply& reply, const std::string& root,
                                     const std::string& asked) {
  if (const std::string link = next_in_links(reply.header("link")); !link.empty())
    return path_below(root, link);
  if (const std::string_view token = reply.header("x-ms-continuationtoken"); !token.empty())
    return path_below(root, with_parameter(asked, "continuationToken", token));
  if (!reply.is_json() || !reply.body.starts_with('{')) return std::nullopt;
  boost::system::error_code wrong;
  const boost::json::value body = boost::json::parse(reply.body, wrong);
  const boost::json::object* object = wrong ? nullptr : body.if_object();
  if (object == nullptr) return std::nullopt;
  if (const auto* next = object->if_contains("next"); next != nullptr && next->is_string())
    return path_below(root, std::string(next->get_string()));
  const auto* last = object->if_contains("isLastPage");
  const auto* start = object->if_contains("nextPageStart");
  if (last != nullptr && *last == false && start != nullptr && start->is_int64())
    return path_below(root, with_parameter(asked, "start", std::to_string(start->get_int64())));
  return std::nullopt;
}

void put_header(ApiRequests::Pairs& headers, const std::string& name, std::string value) {
  std::erase_if(headers, [&](const auto& one) { return equal_ignoring_case(one.first, name); });
  headers.emplace_back(name, std::move(value));
}

Result<std::string> address_of(const ForgeApi& api, const Target& target,
                               const ApiRequests::Question& question) {
  Result<ApiPath> path = parse_api_path(question.path);
  if (!path) return path.error();
  std::string url = path->text == "/graphql" && api.graphql != nullptr
                        ? api.graphql(target)
                        : without_slash(api.root(target)) + path->text;
  if (!path->query.empty()) url += "?" + path->query;
  for (const auto& [name, value] : question.query) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += percent_encoded(name) + "=" + percent_encoded(value);
  }
  return url;
}

}  // namespace

Result<> check_client_header(std::string_view name, std::string_view value) {
  if (!is_token(name) || value.size() > 8192 || has_control_character(value))
    return invalid("headers", "A header has a name or a value that no header can have.");
  // What the client of the forge sets itself, what belongs to one HTTP connection, and what makes a request
  // act for somebody else (GitLab's `Sudo`) or come from elsewhere.
  constexpr std::string_view ours[] = {"authorization",
                                       "proxy-authorization",
                                       "private-token",
                                       "job-token",
                                       "deploy-token",
                                       "cookie",
                                       "host",
                                       "user-agent",
                                       "content-length",
                                       "transfer-encoding",
                                       "connection",
                                       "keep-alive",
                                       "te",
                                       "trailer",
                                       "upgrade",
                                       "expect",
                                       "x-tfs-fedauthredirect",
                                       "x-github-api-version",
                                       "x-ausername",
                                       "sudo",
                                       "forwarded",
                                       "via"};
  const std::string lower = lower_case(name);
  // A server that obeys these runs another method than the one that was checked.
  const bool overrides = lower.find("method-override") != std::string::npos ||
                         lower.find("http-method") != std::string::npos || lower == "_method";
  // By X-Original-URL and X-Rewrite-URL some servers take another path than the one that was checked.
  if (overrides || lower.starts_with("x-forwarded") || lower.starts_with("proxy-") ||
      lower.starts_with("x-original-") || lower.starts_with("x-rewrite-") ||
      std::find(std::begin(ours), std::end(ours), lower) != std::end(ours))
    return invalid("headers", fmt::format("The header {} cannot be set.", lower));
  return {};
}

awaitable<Result<ApiRequests::Answer>> ApiRequests::ask(Question question, Asker asker) {
  Result<> checked = check_method(question);
  if (checked) {
    for (const auto& [name, value] : question.headers) {
      checked = check_client_header(name, value);
      if (!checked) break;
    }
  }
  if (!checked) co_return checked.error();
  Result<ApiPath> path = parse_api_path(question.path);
  if (!path) co_return path.error();

  AccessRequest access{.connection = question.connection,
                       .action = AccessAction::api,
                       .asker = std::move(asker),
                       .path = question.method + " " + (path->text.empty() ? "/" : path->text)};
  Result<SharedSecret> token = co_await gate_.token(std::move(access), Prompt::never);
  if (!token) co_return token.error();
  const Connection* connection = registry_.find(question.connection);
  if (connection == nullptr) co_return connection_gone();
  const ForgeApi& api = find_provider(connection->type)->api;
  if (api.root == nullptr)
    co_return invalid("connection", "This type of connection has no API that can be asked.");
  const Target target = target_of(*connection, settings_.endpoints, *token);
  const std::string root = api.root(target);
  Result<std::string> url = address_of(api, target, question);
  if (!url) co_return url.error();

  std::string at = *url;
  for (int hop = 0;; ++hop) {
    http::Request request = api.request(target, at);
    request.method = question.method;
    request.follow_within_origin = false;  // the root is narrower than the origin
    request.body = question.body;
    if (!question.body.empty()) put_header(request.headers, "Content-Type", "application/json");
    for (const auto& [name, value] : question.headers) put_header(request.headers, name, value);
    Result<http::Reply> reply = co_await client_.send(std::move(request));
    if (!reply) co_return reply.error();
    const bool moved =
        reply->status == 301 || reply->status == 302 || reply->status == 307 || reply->status == 308;
    const bool reads = question.method == "GET" || question.method == "HEAD";
    const auto to = moved && reads ? path_below(root, reply->header("location")) : std::nullopt;
    if (to && hop < most_hops) {
      at = without_slash(root) + *to;
      continue;
    }
    Answer answer{.status = reply->status, .next = next_page(*reply, root, at)};
    answer.headers = std::move(reply->headers);
    answer.body = std::move(reply->body);
    // A cookie may open a session as the token does.
    answer.headers.erase("set-cookie");
    const http::TokenMask mask(**token);
    mask.mask(answer.body);
    for (auto& [name, value] : answer.headers) mask.mask(value);
    co_return answer;
  }
}

}  // namespace forgelink
