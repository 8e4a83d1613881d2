// SPDX-License-Identifier: MIT
#include "providers/http/http.hpp"

namespace forgelink::http {

std::string_view Reply::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

bool Reply::is_json() const {
  const std::string_view type = header("content-type");
  const std::string_view media = type.substr(0, type.find(';'));
  return media.find("json") != std::string_view::npos;
}

}  // namespace forgelink::http
