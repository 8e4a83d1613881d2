// SPDX-License-Identifier: MIT
// Whether the daemon is locked, so that no token leaves it; follows its events. Main thread only. The model
// must outlive it.
#pragma once

#include "clients/gtk/connection_model.hpp"

namespace forgelink::gtk {

class LockState : public sigc::trackable {
 public:
  explicit LockState(ConnectionModel& connections);

  bool is_locked() const { return locked_; }
  void set(bool locked);

  sigc::signal<void()>& signal_changed() { return changed_; }

 private:
  void on_event(const protocol::EventView& event);

  bool locked_ = false;
  sigc::signal<void()> changed_;
};

}  // namespace forgelink::gtk
