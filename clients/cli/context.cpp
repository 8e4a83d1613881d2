// SPDX-License-Identifier: MIT
#include "clients/cli/context.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/shell_word.hpp"
#include "base/version.hpp"
#include "clients/cli/terminal.hpp"
#include "clients/daemon_start.hpp"

namespace forgelink::cli {
namespace {

// A person may have to unlock the keyring, and a forge may be slow.
constexpr std::chrono::minutes patience{4};
constexpr std::chrono::seconds patience_of_start{5};

// What a person types to mend a token's trouble, unless the hint says it.
std::string command_for(const json::value& data) {
  const std::string kind = text(data, "kind"), name = text(data, "connection");
  const bool of_token = kind == "token_missing" || kind == "token_rejected" || kind == "token_expired" ||
                        kind == "scope_missing";
  if (!of_token || name.empty() || text(data, "hint").find("forgelink edit") != std::string::npos) return "";
  return "forgelink edit " + quoted(name) + (stdin_is_terminal() ? "" : " --token-stdin");
}

// JSON may hold DEL and the C1 control characters as they are; a terminal would obey them.
std::string with_controls_escaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
    if (byte == 0x7f) {
      out += "\\u007f";
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      out += fmt::format("\\u{:04x}", next);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Says what a call waits for, where the person is asked first. The patience of a call is longer than the
// question's.
ipc::Client::Duration on_question(const json::value& event) {
  if (text(event, "kind") != "access.asked") return {};
  if (const json::value* detail = member(event, "detail")) complain(text(*detail, "message"));
  return std::chrono::seconds(65);
}

}  // namespace

void print(const json::value& value) { print(with_controls_escaped(json::serialize(value)) + "\n"); }

void print(const std::string& text) {
  // Half an answer must not pass for a whole one.
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  complain(std::string("the answer could not be written: ") + std::strerror(errno) + ".");
  throw Exit{1};
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

bool Context::connect(std::string& why) {
  if (client_) return true;
  client_ = connect_or_start(patience_of_start, why);
  if (!client_) return false;
  client_->on_event = on_question;
  compare_versions();
  return true;
}

void Context::compare_versions() {
  const ipc::Response response = client_->call("daemon.status", json::object{{"wait", false}}, patience);
  const auto* status = std::get_if<json::value>(&response);
  if (status == nullptr) return;  // what comes next will say why
  const std::string version = text(*status, "version");
  if (version.empty() || version == FORGELINK_VERSION) return;
  complain(
      fmt::format("the daemon is version {} and this program {}; restart the daemon with: systemctl --user "
                  "restart forgelink.service",
                  version, FORGELINK_VERSION));
}

ipc::Client& Context::client() {
  std::string why;
  if (!connect(why)) {
    complain(why);
    throw Exit{3};
  }
  return *client_;
}

ipc::Response Context::ask(std::string_view method, json::object params, ipc::Client::Duration limit) {
  std::string why;
  if (!connect(why)) return ipc::Unreached{why};
  return client_->call(method, params, limit);
}

std::variant<json::value, json::object> Context::try_call(std::string_view method, json::object params,
                                                          ipc::Client::Duration limit) {
  ipc::Response response = ask(method, std::move(params), limit);
  if (auto* result = std::get_if<json::value>(&response)) return std::move(*result);
  if (auto* refused = std::get_if<ipc::Refused>(&response)) return std::move(refused->error);
  complain(std::get<ipc::Unreached>(response).message);
  throw Exit{3};
}

json::value Context::call(std::string_view method, json::object params) {
  auto answer = try_call(method, std::move(params), patience);
  if (const auto* error = std::get_if<json::object>(&answer)) refuse(*error);
  return std::move(std::get<json::value>(answer));
}

void Context::refuse(const json::object& refused) const {
  const json::value error(refused), nothing;
  if (json_output) print(json::object{{"error", error}});
  const json::value* found = member(error, "data");
  const json::value& data = found != nullptr ? *found : nothing;
  const std::string name = text(data, "connection"), shown = "“" + name + "”",
                    message = text(error, "message");
  complain(name.empty() || message.find(shown) != std::string::npos ? message : shown + ": " + message);
  for (const std::string& line : {text(data, "hint"), text(data, "url"), command_for(data)}) {
    if (!line.empty()) std::fprintf(stderr, "  %s\n", clean(line).c_str());
  }
  throw Exit{1};
}

void Context::refuse(const Error& error) const {
  refuse(json::object{{"code", -32000},
                      {"message", error.message},
                      {"data", {{"kind", kind(error.code)}, {"hint", error.hint}}}});
}

void Context::misused(const std::string& sentence) const {
  complain(sentence);
  throw Exit{2};
}

}  // namespace forgelink::cli
