// SPDX-License-Identifier: MIT
#include "providers/oauth/oauth_json.hpp"

#include <boost/container/pmr/memory_resource.hpp>
#include <cstring>

#include "base/locked_memory.hpp"
#include "base/url.hpp"
#include "providers/forges/json_text.hpp"
#include "providers/forges/reply_reader.hpp"

namespace forgelink {
namespace {

namespace json = boost::json;

// boost::json's own name for this base is gone in newer releases (1.92).
class LockedJson : public boost::container::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return locked_memory().allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    explicit_bzero(memory, bytes);
    locked_memory().deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

LockedJson& locked_json() {
  static LockedJson resource;
  return resource;
}

// GitHub answers as a form where `Accept` is missing; a proxy may have lost it.
json::value form_value(std::string_view text) {
  json::object object(&locked_json());
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    auto value = percent_decoded(pair.substr(equals + 1));
    if (value) object[pair.substr(0, equals)] = *value;
    if (value) explicit_bzero(value->data(), value->size());
  }
  return object;
}

}  // namespace

std::optional<json::value> oauth_object(const http::Reply& reply) {
  if (!reply.secret_body) return std::nullopt;
  const std::string_view text = reply.secret_body->reveal();
  if (reply.header("content-type").find("form-urlencoded") != std::string_view::npos) return form_value(text);
  boost::system::error_code wrong;
  json::value value = forges::parse_json(text, wrong, &locked_json());
  if (wrong || !value.is_object()) return std::nullopt;
  return value;
}

std::optional<Secret> secret_member(const json::value& object, std::string_view name) {
  const json::value* found = forges::member_of(object, name);
  if (found == nullptr || !found->is_string() || found->get_string().empty()) return std::nullopt;
  return Secret(std::string_view(found->get_string()));
}

std::optional<std::chrono::seconds> seconds_member(const json::value& object, std::string_view name) {
  const json::value* found = forges::member_of(object, name);
  if (found == nullptr) return std::nullopt;
  std::int64_t count = 0;
  if (found->is_string()) {
    count = std::atoll(found->get_string().c_str());
  } else {
    boost::system::error_code inexact;
    count = found->to_number<std::int64_t>(inexact);
    if (inexact) return std::nullopt;
  }
  return count > 0 && count < 1'000'000'000 ? std::optional(std::chrono::seconds(count)) : std::nullopt;
}

}  // namespace forgelink
