// SPDX-License-Identifier: MIT
// The calls of one widget: what is not answered when it is destroyed is forgotten, so a callback may use the
// widget. Main thread only. The client must outlive the scope.
#pragma once

#include <set>

#include "clients/gtk/daemon_client.hpp"

namespace forgelink::gtk {

class CallScope {
 public:
  explicit CallScope(DaemonClient& client) : client_(client) {}
  ~CallScope() { forget_all(); }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

  void call(std::string_view method, json::object params, DaemonClient::OnReply on_reply,
            std::optional<SecretParameter> secret = std::nullopt);

  // No callback of an earlier call runs any more.
  void forget_all();

 private:
  DaemonClient& client_;
  std::set<DaemonClient::CallId> waiting_;
};

}  // namespace forgelink::gtk
