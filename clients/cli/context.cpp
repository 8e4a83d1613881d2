// SPDX-License-Identifier: MIT
#include "clients/cli/context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/text.hpp"
#include "base/version.hpp"
#include "clients/cli/connection_word.hpp"
#include "clients/cli/terminal.hpp"
#include "clients/daemon_start.hpp"
#include "ipc/protocol/access_questions.hpp"
#include "ipc/protocol/connection_get.hpp"
#include "ipc/protocol/daemon_status.hpp"
#include "ipc/protocol/event_kind.hpp"
#include "ipc/protocol/event_view.hpp"

namespace forgelink::cli {
namespace {

// A person may have to unlock the keyring, and a forge may be slow.
constexpr std::chrono::minutes patience{4};
constexpr std::chrono::seconds patience_of_start{5};

constexpr int method_not_found = -32601;

// The connection of that name, as it is typed. Asked of the daemon where the name cannot be.
std::string word_of(const std::string& name) {
  if (can_be_typed(name)) return connection_word(name, "");
  Context context;
  const ipc::Response response =
      context.ask(protocol::ConnectionGet::name,
                  ipc::params_object(protocol::ConnectionGet::Params{.connection = name}), patience_of_start);
  const auto* result = std::get_if<json::value>(&response);
  const json::value* connection = result != nullptr ? member(*result, "connection") : nullptr;
  return connection_word(name, connection != nullptr ? text(*connection, "id") : "");
}

// The command that resolves a token's error, unless the hint names it.
std::string command_for(const ipc::ErrorData& data) {
  const std::string name = data.connection.value_or(""), hint = data.hint.value_or("");
  const bool of_token = data.kind == "token_missing" || data.kind == "token_rejected" ||
                        data.kind == "token_expired" || data.kind == "scope_missing";
  if (!of_token || name.empty() || hint.find("forgelink edit") != std::string::npos) return "";
  return "forgelink edit " + word_of(name) + (stdin_is_terminal() ? "" : " --token-stdin");
}

// Is all text in it UTF-8? Secrets are looked at where they are.
bool is_text(const json::value& value) {
  if (const json::string* string = value.if_string()) return is_utf8(*string);
  if (const json::array* array = value.if_array()) return std::all_of(array->begin(), array->end(), is_text);
  const json::object* object = value.if_object();
  return object == nullptr || std::all_of(object->begin(), object->end(), [](const auto& one) {
           return is_utf8(one.key()) && is_text(one.value());
         });
}

json::object json_of(const Error& error) {
  json::object data{{"kind", kind(error.code)}};
  if (!error.field.empty()) data["field"] = error.field;
  if (!error.hint.empty()) data["hint"] = error.hint;
  const int code = error.code == Errc::invalid_params ? -32602 : -32000;
  return {{"code", code}, {"message", error.message}, {"data", std::move(data)}};
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
  protocol::EventView asked;
  if (!ipc::from_json(event, asked) || asked.kind != name_of(protocol::EventKind::access_asked)) return {};
  protocol::AccessQuestions::QuestionView question;
  if (asked.detail && ipc::from_json(json::value(*asked.detail), question)) complain(question.message);
  // A question stands for 60 s.
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

void append_list(json::value& page, std::string_view list, json::array& all) {
  for (json::value& entry : page.at(list).as_array()) all.push_back(std::move(entry));
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

Refusal refusal_of(json::object error) {
  Refusal refusal{.json = std::move(error), .error = {}};
  // An error of the envelope has no `data`; what is there is read.
  ipc::from_json(json::value(refusal.json), refusal.error);
  return refusal;
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
  const ipc::Response response =
      client_->call(protocol::DaemonStatus::name,
                    ipc::params_object(protocol::DaemonStatus::Params{.wait = false}), patience);
  const auto* result = std::get_if<json::value>(&response);
  if (result == nullptr) return;  // what comes next will say why
  // Read leniently: of a daemon of another version the name of that version is enough.
  protocol::DaemonStatus::Reply status;
  ipc::from_json(*result, status);
  lent_ = member(*result, "registry") != nullptr && status.registry.empty();
  if (status.version.empty() || status.version == FORGELINK_VERSION) return;
  complain(
      fmt::format("the daemon is version {} and this program {}{}", status.version, FORGELINK_VERSION,
                  lent_ ? "." : "; restart the daemon with: systemctl --user restart forgelink.service"));
}

ipc::Client Context::take_client() {
  std::string why;
  if (!connect(why)) unreached(why);
  ipc::Client taken = std::move(*client_);
  client_.reset();
  return taken;
}

json::value Context::result_of(ipc::Response response) const {
  if (auto* result = std::get_if<json::value>(&response)) return std::move(*result);
  if (auto* refused = std::get_if<ipc::Refused>(&response)) refuse(refusal_of(std::move(refused->error)));
  unreached(std::get<ipc::Unreached>(response).message);
}

ipc::Response Context::ask(std::string_view method, json::object params, ipc::Client::Duration limit) {
  for (const auto& [name, value] : params) {
    if (!is_text(value)) misused(fmt::format("`{}` is not UTF-8 text.", std::string_view(name)));
  }
  std::string why;
  if (!connect(why)) return ipc::Unreached{why};
  return client_->call(method, params, limit);
}

std::variant<json::value, json::object> Context::try_call(std::string_view method, json::object params,
                                                          ipc::Client::Duration limit) {
  ipc::Response response = ask(method, std::move(params), limit);
  if (auto* result = std::get_if<json::value>(&response)) return std::move(*result);
  if (auto* refused = std::get_if<ipc::Refused>(&response)) return std::move(refused->error);
  unreached(std::get<ipc::Unreached>(response).message);
}

json::value Context::call(std::string_view method, json::object params) {
  return result_of(ask(method, std::move(params), patience));
}

void Context::refuse(const Refusal& refused) const {
  if (json_output) print(json::object{{"error", refused.json}});
  tell(refused);
  throw Exit{1};
}

void Context::tell(const Refusal& refused) const {
  const bool is_lent = lent_ && refused.error.code == method_not_found;
  const std::string message = is_lent ? std::string(lent_socket_serves) : refused.error.message;
  const ipc::ErrorData& data = refused.error.data;
  const std::string name = data.connection.value_or(""), shown = "“" + name + "”";
  complain(name.empty() || message.find(shown) != std::string::npos ? message : shown + ": " + message);
  for (const std::string& line : {data.hint.value_or(""), data.url.value_or(""), command_for(data)}) {
    if (!line.empty()) std::fprintf(stderr, "  %s\n", clean(line).c_str());
  }
}

void Context::refuse(const Error& error) const { refuse(refusal_of(json_of(error))); }

Time Context::time_typed(const std::string& field, const std::string& typed) const {
  if (const auto time = parse_time(typed)) return *time;
  refuse(invalid(
      field, fmt::format("`{}` must be a time as 2027-02-01T00:00:00Z, or a date as 2027-02-01.", field)));
}

void Context::unreached(const std::string& why) const {
  if (json_output) print(json::object{{"error", json_of({.message = why})}});
  complain(why);
  throw Exit{3};
}

void Context::misused(const std::string& sentence) const {
  if (json_output) print(json::object{{"error", json_of(invalid("", with_utf8_mended(sentence)))}});
  complain(sentence);
  throw Exit{2};
}

}  // namespace forgelink::cli
