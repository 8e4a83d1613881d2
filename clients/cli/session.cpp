#include "clients/cli/session.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "clients/cli/terminal.hpp"
#include "clients/daemon_start.hpp"

namespace forgelink::cli {
namespace {

// A person may have to unlock the keyring, and a forge may be slow.
constexpr std::chrono::minutes patience{4};
constexpr std::chrono::seconds patience_of_start{5};

}  // namespace

void print(const json::value& value) { print(json::serialize(value) + "\n"); }

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void complain(const std::string& sentence) {
  std::fprintf(stderr, "forgelink: %s\n", clean(sentence).c_str());
}

const json::value* member(const json::value& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const json::value* found = object.get_object().if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string text(const json::value& object, std::string_view name) {
  const json::value* found = member(object, name);
  if (found == nullptr) return "";
  return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

ipc::Client& Session::client() {
  if (!client_) {
    std::string why;
    client_ = connect_or_start(patience_of_start, why);
    if (!client_) {
      complain(why);
      throw Exit{3};
    }
  }
  return *client_;
}

std::variant<json::value, json::object> Session::try_call(std::string_view method, json::object params,
                                                          ipc::Client::Duration limit) {
  ipc::Response response = client().call(method, params, limit);
  if (auto* result = std::get_if<json::value>(&response)) return std::move(*result);
  if (auto* refused = std::get_if<ipc::Refused>(&response)) return std::move(refused->error);
  complain(std::get<ipc::Unreached>(response).message);
  throw Exit{3};
}

json::value Session::call(std::string_view method, json::object params) {
  auto answer = try_call(method, std::move(params), patience);
  if (const auto* error = std::get_if<json::object>(&answer)) refuse(*error);
  return std::move(std::get<json::value>(answer));
}

void Session::refuse(const json::object& refused) const {
  const json::value error(refused);
  if (json_output) print(json::object{{"error", error}});
  complain(text(error, "message"));
  if (const json::value* data = member(error, "data")) {
    for (const char* more : {"hint", "url"}) {
      if (const std::string line = text(*data, more); !line.empty())
        std::fprintf(stderr, "  %s\n", clean(line).c_str());
    }
  }
  throw Exit{1};
}

void Session::misused(const std::string& sentence) const {
  complain(sentence);
  throw Exit{2};
}

}  // namespace forgelink::cli
