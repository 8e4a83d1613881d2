// SPDX-License-Identifier: MIT
#include "providers/http/relay_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "base/text.hpp"
#include "providers/http/basic.hpp"

namespace forgelink::http {

std::string chunk_of(std::string_view bytes) {
  std::string chunk = fmt::format("{:x}\r\n", bytes.size());
  chunk.reserve(chunk.size() + bytes.size() + 2);
  chunk.append(bytes).append("\r\n");
  return chunk;
}

bool is_hop_by_hop(std::string_view name, std::string_view connection) {
  constexpr std::string_view names[] = {"connection", "keep-alive",     "proxy-connection",
                                        "te",         "trailer",        "transfer-encoding",
                                        "upgrade",    "content-length", "expect"};
  const std::string lower = lower_case(name);
  return std::find(std::begin(names), std::end(names), lower) != std::end(names) ||
         lower_case(connection).find(lower) != std::string::npos;
}

bool is_text(std::string_view type) {
  const std::string lower = lower_case(type);
  return lower.starts_with("text/") || lower.find("json") != std::string::npos ||
         lower.find("xml") != std::string::npos || lower.find("javascript") != std::string::npos;
}

std::string authorization_line(const Authorization& authorization) {
  using Scheme = Authorization::Scheme;
  if (authorization.scheme == Scheme::none || !authorization.secret) return "";
  const std::string_view token = authorization.secret->reveal();
  std::string line;
  line.reserve(token.size() * 2 + authorization.user.size() * 2 + 64);
  if (authorization.scheme == Scheme::bearer) line.append("Authorization: Bearer ").append(token);
  if (authorization.scheme == Scheme::private_token) line.append("PRIVATE-TOKEN: ").append(token);
  if (authorization.scheme == Scheme::basic)
    line.append("Authorization: Basic ").append(basic_credentials(authorization.user, token).reveal());
  line.append("\r\n");
  return line;
}

std::string target_of_url(std::string_view url) {
  const auto begin = url.find_first_of("/?", url.find("://") + 3);
  if (begin == std::string_view::npos) return "/";
  const std::string target(url.substr(begin));
  return target.front() == '/' ? target : "/" + target;
}

std::string_view reason_of(unsigned status) {
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {reason.data(), reason.size()};
}

}  // namespace forgelink::http
