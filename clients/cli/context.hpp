// SPDX-License-Identifier: MIT
// One run of the command line: the way to the daemon, how answers are shown, and how the run ends.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "ipc/client.hpp"
#include "ipc/client_fields.hpp"

namespace forgelink::cli {

namespace json = boost::json;

// Ends the run with that status: 1 the daemon said no, 2 wrong usage, 3 no daemon.
struct Exit {
  int status;
};

// A method's reply in its type, and as it came, which is what --json prints.
template <class Method>
struct Answer {
  json::value json;
  typename Method::Reply reply;
};

class Context {
 public:
  bool json_output = false;
  char** arguments = nullptr;  // as main() got them

  // Calls a method of ipc/protocol/. What the daemon refuses is said, and ends the run.
  template <class Method>
  Answer<Method> call(typename Method::Params params = {}) {
    Answer<Method> answer{.json = call(Method::name, ipc::params_object(std::move(params)))};
    Result<typename Method::Reply> reply = ipc::reply_of<typename Method::Reply>(answer.json);
    if (!reply) refuse(reply.error());
    answer.reply = std::move(*reply);
    return answer;
  }

  // The result; or says what the daemon said and ends the run.
  json::value call(std::string_view method, json::object params = {});

  // The result, or the error for the caller to look at; still ends the run if there is no daemon.
  std::variant<json::value, json::object> try_call(std::string_view method, json::object params,
                                                   ipc::Client::Duration limit);

  // Whatever comes of it; ends nothing.
  ipc::Response ask(std::string_view method, json::object params, ipc::Client::Duration limit);

  // Says the error as all errors are said, and ends the run.
  [[noreturn]] void refuse(const json::object& refused) const;
  [[noreturn]] void refuse(const Error& error) const;
  // A mistake in what was typed.
  [[noreturn]] void misused(const std::string& sentence) const;

  ipc::Client& client();

 private:
  bool connect(std::string& why);
  // After an upgrade the daemon may be of another version until it is restarted: says so, once a run.
  void compare_versions();

  std::optional<ipc::Client> client_;
};

// Standard output: a JSON value on a line; text as it is.
void print(const json::value& value);
void print(const std::string& text);
void complain(const std::string& sentence);

// A member's text, or "".
std::string text(const json::value& object, std::string_view name);
const json::value* member(const json::value& object, std::string_view name);

}  // namespace forgelink::cli
