// SPDX-License-Identifier: MIT
#include "providers/forges/bitbucket_data_center/marks.hpp"

#include "base/text.hpp"
#include "providers/server_url.hpp"

namespace forgelink::forges::bitbucket_data_center {
namespace {

// Slashes that are doubled are one to a server.
std::string joined_path(std::string_view path) {
  std::string joined;
  for (const std::string& part : path_parts(path)) joined += "/" + part;
  return joined + "/";
}

}  // namespace

std::optional<Error> claims_server(std::string_view typed) {
  const Error error{.code = Errc::bitbucket_on_premise_unsupported,
                    .message = "This is the address of a Bitbucket on premises (Server, Data Center).",
                    .field = "server_url",
                    .hint = "Take the type bitbucket-data-center."};
  const std::string text = address_text(typed);
  if (lower_case(text).starts_with("ssh://") && text.find(":7999") != std::string::npos) return error;
  const auto address = parse_web_address(text);
  if (!address || address->host == "bitbucket.org") return std::nullopt;
  const std::string path = joined_path(address->path);
  const auto holds = [&](std::string_view part) { return path.find(part) != std::string::npos; };
  // The marks of docs/forges.md 8.1.
  const bool browse = (holds("/projects/") || holds("/users/")) && holds("/repos/");
  const bool port = address->port == 7990 || address->port == 7999;
  if (port || browse || holds("/scm/") || holds("/rest/api/1.0/")) return error;
  return std::nullopt;
}

}  // namespace forgelink::forges::bitbucket_data_center
