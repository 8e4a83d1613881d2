// SPDX-License-Identifier: MIT
#include "daemon/front/front_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "base/url.hpp"
#include "daemon/front/api_path.hpp"
#include "daemon/front/api_requests.hpp"

namespace forgelink {
namespace {

using Route = std::variant<FrontRoute, http::LocalReply>;
using http::LocalReply;

constexpr std::string_view not_served =
    "this front serves git and the API of its connection, and nothing else.";

// A host and what is asked of it.
struct AskedPlace {
  std::string host, path, query;
};

std::string without_end(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

std::string root_path(std::string_view root) {
  const auto address = parse_web_address(root);
  return address ? without_end(address->path) : "";
}

std::string authority_of(std::string_view root) {
  const auto origin = origin_of(root);
  return origin ? origin->authority() : "";
}

bool reads(std::string_view method) { return method == "GET" || method == "HEAD"; }

LocalReply outside(const FrontRules& rules) {
  std::string all;
  for (const std::string& one : rules.repositories) all += (all.empty() ? "" : ", ") + one;
  return {403, fmt::format("this is outside the allowed repositories ({}).", all)};
}

bool is_allowed(const std::optional<std::string>& repository, const FrontRules& rules) {
  if (rules.repositories.empty()) return true;
  return repository &&
         std::any_of(rules.repositories.begin(), rules.repositories.end(),
                     [&](const auto& one) { return repository_key(one) == repository_key(*repository); });
}

// A request of git, taken apart: the repository's path below the host, and what is wanted of it.
struct GitAsk {
  std::string repository, service;
};

std::optional<GitAsk> git_ask(const AskedPlace& place) {
  for (const std::string_view service : {"/info/refs", "/git-upload-pack", "/git-receive-pack"}) {
    if (!place.path.ends_with(service)) continue;
    GitAsk ask{.repository = place.path.substr(0, place.path.size() - service.size()),
               .service = std::string(service.substr(1))};
    if (service == "/info/refs") {
      if (place.query == "service=git-upload-pack") {
        ask.service = "git-upload-pack";
      } else if (place.query == "service=git-receive-pack") {
        ask.service = "git-receive-pack";
      } else {
        return std::nullopt;
      }
    }
    return ask;
  }
  // git-lfs's API, and GitLab's own place for its objects.
  for (const std::string_view mark : {"/info/lfs/", "/gitlab-lfs/"}) {
    const auto at = place.path.find(mark);
    if (at == std::string::npos) continue;
    return GitAsk{.repository = place.path.substr(0, at),
                  .service = "lfs" + place.path.substr(at + mark.size() - 1)};
  }
  return std::nullopt;
}

std::optional<std::string> repository_below(const std::string& path, const std::string& root,
                                            const ForgeApi* api) {
  const auto rest = below(path, root_path(root));
  if (!rest || rest->empty()) return std::nullopt;
  const Result<ApiPath> parsed = parse_api_path(*rest);
  if (!parsed) return std::nullopt;
  std::string text;
  for (const std::string& segment : parsed->segments) {
    if (segment.find('/') != std::string::npos) return std::nullopt;
    text += (text.empty() ? "" : "/") + segment;
  }
  if (text.ends_with(".git")) text.resize(text.size() - 4);
  return api != nullptr && api->git_repository != nullptr ? api->git_repository(text) : text;
}

Route git_route(const FrontRequest& request, const AskedPlace& place, const GitAsk& ask,
                const FrontPlaces& places, const FrontRules& rules) {
  for (const std::string& root : places.git_roots) {
    if (!equal_ignoring_case(authority_of(root), place.host)) continue;
    const auto repository = repository_below(ask.repository, root, places.api);
    if (!repository) continue;
    if (!is_allowed(repository, rules)) return outside(rules);
    const bool lfs = ask.service.starts_with("lfs");
    // git-lfs asks for downloads by POST too (its batch API), so the body has to tell.
    const bool batch = ask.service == "lfs/objects/batch" && request.method == "POST";
    const bool writes = lfs ? !reads(request.method) && !batch : ask.service == "git-receive-pack";
    if (rules.read_only && writes) return LocalReply{403, "this front is read-only."};
    FrontRoute route{.is_git = true,
                     .url = origin_of(root)->text() + place.path,
                     .host = authority_of(root),
                     .path = *repository,
                     .checks_lfs = rules.read_only && batch};
    if (!place.query.empty()) route.url += "?" + place.query;
    return route;
  }
  return LocalReply{403, std::string(not_served)};
}

Route api_route(const FrontRequest& request, const AskedPlace& place, const FrontPlaces& places,
                const FrontRules& rules) {
  if (places.api_root.empty()) return LocalReply{403, std::string(not_served)};
  const std::string root = root_path(places.api_root);
  const std::string rest(below(place.path, root).value_or(place.path));
  const bool narrowed = rules.read_only || !rules.repositories.empty();
  FrontRoute route{.host = authority_of(places.api_root)};
  if (!places.graphql.empty() && (place.path == root_path(places.graphql) || rest == "/graphql")) {
    if (narrowed && !rules.graphql)
      return LocalReply{403, "GraphQL cannot be filtered by repository or by reading; it needs --graphql."};
    route.url = places.graphql;
    route.path = request.method + " /graphql";
  } else {
    const Result<ApiPath> path = parse_api_path(rest);
    if (!path) return LocalReply{400, path.error().message};
    if (rules.read_only && !reads(request.method)) return LocalReply{403, "this front is read-only."};
    // Clients ask who they are, whichever repositories are allowed.
    const bool own_account = path->text == "/user" && reads(request.method);
    const auto repository = places.api != nullptr && places.api->repository != nullptr
                                ? places.api->repository(path->segments)
                                : std::nullopt;
    if (!own_account && !is_allowed(repository, rules)) return outside(rules);
    route.url = without_end(places.api_root) + path->text;
    route.path = request.method + " " + (path->text.empty() ? "/" : path->text);
  }
  if (!place.query.empty()) route.url += "?" + place.query;
  return route;
}

std::optional<AskedPlace> asked_place(const FrontRequest& request) {
  AskedPlace place{.host = request.host};
  std::string target = request.target;
  // As a proxy is asked: the whole address.
  if (target.starts_with("http://") && !request.by_port) {
    const auto slash = target.find('/', 7);
    place.host = target.substr(7, slash == std::string::npos ? slash : slash - 7);
    target = slash == std::string::npos ? "/" : target.substr(slash);
  }
  if (!target.starts_with('/')) return std::nullopt;
  const auto mark = target.find('?');
  place.path = target.substr(0, mark);
  if (mark != std::string::npos) place.query = target.substr(mark + 1);
  return place;
}

// The front's own names: what is asked for stands in the path, as /github.com/owner/name.git.
bool is_own_host(const FrontRequest& request, const std::string& host, const FrontPlaces& places) {
  const std::string port = places.port_authority.substr(places.port_authority.find(':'));
  if (equal_ignoring_case(host, places.port_authority) || equal_ignoring_case(host, "localhost" + port))
    return true;
  return !request.by_port && (host.empty() || equal_ignoring_case(host, "localhost"));
}

}  // namespace

std::string repository_key(std::string_view repository) {
  while (repository.starts_with('/')) repository.remove_prefix(1);
  while (repository.ends_with('/')) repository.remove_suffix(1);
  if (repository.ends_with(".git")) repository.remove_suffix(4);
  return lower_case(repository);
}

bool asks_for_download(std::string_view body) {
  boost::system::error_code wrong;
  const boost::json::value asked = boost::json::parse(body, wrong);
  const boost::json::object* object = wrong ? nullptr : asked.if_object();
  const boost::json::value* operation = object != nullptr ? object->if_contains("operation") : nullptr;
  return operation != nullptr && *operation == "download";
}

bool is_passed_on(std::string_view header) {
  // What a client is and which version it speaks are its own.
  if (equal_ignoring_case(header, "user-agent") || equal_ignoring_case(header, "x-github-api-version"))
    return true;
  return check_client_header(header, "").has_value();
}

std::variant<FrontRoute, LocalReply> route_of(const FrontRequest& request, const FrontPlaces& places,
                                              const FrontRules& rules) {
  std::optional<AskedPlace> place = asked_place(request);
  if (!place) return LocalReply{400, "this is no path."};
  const auto is_git_host = [&](const std::string& host) {
    return std::any_of(places.git_roots.begin(), places.git_roots.end(), [&](const std::string& root) {
      return equal_ignoring_case(authority_of(root), host);
    });
  };
  const bool api_host = equal_ignoring_case(place->host, authority_of(places.api_root)) ||
                        (!places.client_host.empty() && equal_ignoring_case(place->host, places.client_host));
  if (is_own_host(request, place->host, places)) {
    const auto slash = std::min(place->path.find('/', 1), place->path.size());
    const std::string first = place->path.substr(1, slash - 1);
    if (!is_git_host(first)) return api_route(request, *place, places, rules);
    place->host = first;
    place->path.erase(0, slash);
    const auto ask = git_ask(*place);
    if (!ask) return LocalReply{403, std::string(not_served)};
    return git_route(request, *place, *ask, places, rules);
  }
  if (request.by_port || (!is_git_host(place->host) && !api_host))
    // Misdirected Request (RFC 9110 section 15.5.20).
    return LocalReply{421, "this front does not serve that host."};
  const auto ask = is_git_host(place->host) ? git_ask(*place) : std::nullopt;
  if (ask) return git_route(request, *place, *ask, places, rules);
  if (!api_host) return LocalReply{403, std::string(not_served)};
  return api_route(request, *place, places, rules);
}

}  // namespace forgelink
