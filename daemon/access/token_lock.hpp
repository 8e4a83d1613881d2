// SPDX-License-Identifier: MIT
// The lock of the whole daemon: while it is on, no token is handed out or cached.
//
// The vault itself refuses to read, so that every caller is covered. Survives a restart of the
// daemon within the same login session. On the loop; all that is given must outlive it.
#pragma once

#include "daemon/events/events.hpp"
#include "daemon/login_session/session_stamp.hpp"
#include "daemon/vault/secret_vault.hpp"

namespace forgelink {

class TokenLock {
 public:
  enum class By { person, screen };

  TokenLock(SecretVault& vault, Registry& registry, EventHub& events)
      : vault_(vault), registry_(registry), events_(events) {}

  // At start: locked again if it was when the last daemon of this session ended.
  void restore();

  bool locked() const { return vault_.locked(); }

  // `database_failed` if a restart would forget it; it is done all the same. Nothing if it is done already; a
  // screen takes back only what a screen did.
  Result<> lock(By by);
  Result<> unlock(By by);

 private:
  Result<> remember(std::string_view what);

  SecretVault& vault_;
  Registry& registry_;
  EventHub& events_;
  bool by_person_ = false;
};

}  // namespace forgelink
