// SPDX-License-Identifier: MIT
#include "clients/gtk/call_scope.hpp"

#include <memory>

namespace forgelink::gtk {

void CallScope::call(std::string_view method, json::object params, DaemonClient::OnReply on_reply,
                     std::optional<SecretParameter> secret) {
  // Known only when call() returns; no answer comes before that.
  auto id = std::make_shared<DaemonClient::CallId>(0);
  auto answered = [this, id, on_reply = std::move(on_reply)](Reply reply) {
    waiting_.erase(*id);
    on_reply(std::move(reply));
  };
  *id = client_.call(method, std::move(params), std::move(answered), std::move(secret));
  waiting_.insert(*id);
}

void CallScope::forget_all() {
  for (const DaemonClient::CallId call : waiting_) client_.forget(call);
  waiting_.clear();
}

}  // namespace forgelink::gtk
