// SPDX-License-Identifier: MIT
#include "clients/gtk/lock_state.hpp"

#include <utility>

#include "ipc/protocol/event_kind.hpp"

namespace forgelink::gtk {

LockState::LockState(ConnectionModel& connections) {
  connections.signal_event().connect(sigc::mem_fun(*this, &LockState::on_event));
}

void LockState::set(bool locked) {
  if (std::exchange(locked_, locked) != locked) changed_.emit();
}

void LockState::on_event(const protocol::EventView& event) {
  const auto kind = protocol::event_kind_of(event.kind);
  if (kind == protocol::EventKind::daemon_locked) set(true);
  if (kind == protocol::EventKind::daemon_unlocked) set(false);
}

}  // namespace forgelink::gtk
