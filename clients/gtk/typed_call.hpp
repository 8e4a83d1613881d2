// SPDX-License-Identifier: MIT
// Calls of the daemon in the types of ipc/protocol instead of JSON. Plain functions; main thread only.
#pragma once

#include "clients/gtk/daemon_client.hpp"
#include "ipc/client_fields.hpp"

namespace forgelink::gtk {

// What a method replies, or why it does not.
template <class T>
using Answer = std::variant<T, Refusal>;
template <class Method>
using OnAnswer = std::function<void(Answer<typename Method::Reply>)>;

// The reply in its type; a refusal if it is in a form that this program does not know.
template <class T>
Answer<T> answer_of(const json::object& reply) {
  T typed;
  ipc::ReplyReader reader(reply);
  typed.fields(reader);
  if (reader.good()) return typed;
  return unreadable_refusal();
}

template <class Method>
DaemonClient::OnReply in_types(OnAnswer<Method> on_answer) {
  return [on_answer = std::move(on_answer)](Reply reply) {
    if (auto* refusal = std::get_if<Refusal>(&reply)) {
      on_answer(std::move(*refusal));
    } else {
      on_answer(answer_of<typename Method::Reply>(std::get<json::object>(reply)));
    }
  };
}

template <class Method>
void ask(DaemonClient& client, typename Method::Params params, OnAnswer<Method> on_answer) {
  client.call(Method::name, ipc::params_object(std::move(params)), in_types<Method>(std::move(on_answer)));
}

}  // namespace forgelink::gtk
