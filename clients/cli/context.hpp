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
#include "ipc/error_view.hpp"

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

// Why the daemon refused a call: the error in its type, and as it came, which is what --json prints.
struct Refusal {
  json::object json;
  ipc::ErrorView error;
};

Refusal refusal_of(json::object error);

class Context {
 public:
  bool json_output = false;
  char** arguments = nullptr;  // as main() got them

  // Calls a method of ipc/protocol/. What the daemon refuses is said, and ends the run.
  template <class Method>
  Answer<Method> call(typename Method::Params params = {}) {
    return typed<Method>(call(Method::name, ipc::params_object(std::move(params))));
  }

  // The same, with the refusal for the caller to look at. Still ends the run if there is no daemon.
  template <class Method>
  std::variant<Answer<Method>, Refusal> try_call(typename Method::Params params,
                                                 ipc::Client::Duration limit) {
    auto came = try_call(Method::name, ipc::params_object(std::move(params)), limit);
    if (auto* error = std::get_if<json::object>(&came)) return refusal_of(std::move(*error));
    return typed<Method>(std::move(std::get<json::value>(came)));
  }

  // A result in its method's type. One of another form ends the run.
  template <class Method>
  Answer<Method> typed(json::value result) const {
    Answer<Method> answer{.json = std::move(result)};
    Result<typename Method::Reply> reply = ipc::reply_of<typename Method::Reply>(answer.json);
    if (!reply) refuse(reply.error());
    answer.reply = std::move(*reply);
    return answer;
  }
  // The result in a response. A refusal, or that there is no daemon, is said and ends the run.
  json::value result_of(ipc::Response response) const;

  // The result of any method; or says what the daemon said and ends the run.
  json::value call(std::string_view method, json::object params = {});

  // The result, or the error for the caller to look at; still ends the run if there is no daemon.
  std::variant<json::value, json::object> try_call(std::string_view method, json::object params,
                                                   ipc::Client::Duration limit);

  // Whatever comes of it; ends nothing.
  ipc::Response ask(std::string_view method, json::object params, ipc::Client::Duration limit);

  // Says the error as all errors are said, and ends the run.
  [[noreturn]] void refuse(const Refusal& refused) const;
  // Says it to a person, and no more: where the question is asked again.
  void tell(const Refusal& refused) const;
  [[noreturn]] void refuse(const Error& error) const;
  // A date or time that was typed for that parameter; refuses other text as the daemon would.
  Time time_typed(const std::string& field, const std::string& typed) const;
  // A mistake in what was typed. Like every refusal a JSON value under --json.
  [[noreturn]] void misused(const std::string& sentence) const;

  // There is no daemon, or it went away.
  [[noreturn]] void unreached(const std::string& why) const;

  // The connection to the daemon, for who waits in another way. The next call makes a new one.
  ipc::Client take_client();

 private:
  bool connect(std::string& why);
  // After an upgrade the daemon may be of another version until it is restarted: says so, once a run.
  void compare_versions();

  std::optional<ipc::Client> client_;
  bool lent_ = false;  // the socket is one of `forgelink lend`
};

// What a lent socket is good for; a sentence.
inline constexpr std::string_view lent_socket_serves =
    "This socket is a lent one: git, `forgelink repos`, `forgelink commits` and `forgelink status` work with "
    "it, and nothing else.";

template <class Method>
const Refusal* refused(const std::variant<Answer<Method>, Refusal>& answer) {
  return std::get_if<Refusal>(&answer);
}

// Standard output: a JSON value on a line; text as it is.
void print(const json::value& value);
void print(const std::string& text);
void complain(const std::string& sentence);

// Moves the elements of a page's list behind those of the pages before, as --json prints them.
void append_list(json::value& page, std::string_view list, json::array& all);

// A member's text, or "".
std::string text(const json::value& object, std::string_view name);
const json::value* member(const json::value& object, std::string_view name);

}  // namespace forgelink::cli
