// SPDX-License-Identifier: MIT
// The methods a server offers. Everything about a method comes from its own type: its name, its summary, and
// the fields of its parameters and reply.
//
//   struct ConnectionGet {
//     static constexpr std::string_view name = "connection.get";
//     static constexpr std::string_view summary = "Read one connection.";
//     struct Params { ... void fields(auto& f); };
//     struct Reply { ... void fields(auto& f); };
//     Result<Reply> call(Params params) const;             // answers at once
//     awaitable<Result<Reply>> call(Params params) const;  // or waits for something
//   };
//
// `call` may take a `Peer&` as second parameter: who asks. Filled before the server starts, then only read;
// on the loop. A method object lives in the table; what it refers to must outlive the table.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <variant>

#include "base/async.hpp"
#include "ipc/fields.hpp"
#include "ipc/peer.hpp"
#include "ipc/rpc.hpp"

namespace forgelink::ipc {

// The reply as JSON text, or why there is none.
using Answer = Result<JsonText>;
using Outcome = std::variant<Answer, awaitable<Answer>>;

class MethodTable {
 public:
  struct Entry {
    std::string_view name;
    std::string_view summary;
    std::function<Outcome(const json::value& params, Peer& peer)> invoke;
    json::object params_schema;
    json::object reply_schema;
  };

  template <class Method>
  void add(Method method);

  // nullptr if there is none of that name.
  const Entry* find(std::string_view name) const;

  // The OpenRPC 1.3 document of all methods, rpc.discover included.
  json::object describe(std::string_view title, std::string_view version) const;

 private:
  std::unordered_map<std::string_view, Entry> entries_;
};

// Room for a connection's view, so that its text need not be moved while it grows.
inline constexpr std::size_t usual_answer = 1024;

template <class Reply>
Answer encode_answer(Result<Reply> reply) {
  if (!reply) return reply.error();
  JsonText answer;
  answer.text.reserve(usual_answer);
  encode(*reply, answer.text);
  return answer;
}

template <class Reply>
awaitable<Answer> encode_later(awaitable<Result<Reply>> coming) {
  Result<Reply> reply = co_await std::move(coming);
  co_return encode_answer(std::move(reply));
}

template <class Method>
void MethodTable::add(Method method) {
  using Params = typename Method::Params;
  auto kept = std::make_shared<const Method>(std::move(method));
  auto invoke = [kept](const json::value& from, Peer& peer) -> Outcome {
    Params params;
    if (Refusal refusal = decode(from, params, "")) return Answer(*std::move(refusal));
    if constexpr (requires { kept->call(std::move(params), peer); }) {
      if constexpr (requires { kept->call(std::move(params), peer).has_value(); }) {
        return encode_answer(kept->call(std::move(params), peer));
      } else {
        return encode_later(kept->call(std::move(params), peer));
      }
    } else if constexpr (requires { kept->call(std::move(params)).has_value(); }) {
      return encode_answer(kept->call(std::move(params)));
    } else {
      return encode_later(kept->call(std::move(params)));
    }
  };
  entries_.emplace(Method::name, Entry{.name = Method::name,
                                       .summary = Method::summary,
                                       .invoke = std::move(invoke),
                                       .params_schema = schema_of<Params>(),
                                       .reply_schema = schema_of<typename Method::Reply>()});
}

}  // namespace forgelink::ipc
