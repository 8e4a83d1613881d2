// SPDX-License-Identifier: MIT
// The calls of one widget: what is not answered when it is destroyed is forgotten, so a callback may use the
// widget. Main thread only. The client must outlive the scope.
#pragma once

#include <set>

#include "clients/gtk/typed_call.hpp"

namespace forgelink::gtk {

class CallScope {
 public:
  explicit CallScope(DaemonClient& client) : client_(client) {}
  ~CallScope() { forget_all(); }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

  void call(std::string_view method, json::object params, DaemonClient::OnReply on_reply,
            std::optional<SecretParameter> secret = std::nullopt);

  // Calls a method of ipc/protocol in its types.
  template <class Method>
  void ask(typename Method::Params params, OnAnswer<Method> on_answer,
           std::optional<SecretParameter> secret = std::nullopt) {
    call(Method::name, ipc::params_object(std::move(params)), in_types<Method>(std::move(on_answer)),
         std::move(secret));
  }

  // The same with parameters that are not known before, as those of a form that the daemon describes.
  template <class Method>
  void ask_with(json::object params, OnAnswer<Method> on_answer,
                std::optional<SecretParameter> secret = std::nullopt) {
    call(Method::name, std::move(params), in_types<Method>(std::move(on_answer)), std::move(secret));
  }

  // No callback of an earlier call runs any more.
  void forget_all();

 private:
  DaemonClient& client_;
  std::set<DaemonClient::CallId> waiting_;
};

}  // namespace forgelink::gtk
