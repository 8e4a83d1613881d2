// SPDX-License-Identifier: MIT
// The interface of a secret store: an item per token, under an id of its own. Items are written once and
// never changed: another token is another item, so that an update is atomic in the row that names it.
//
// An interface with two backends, the Secret Service (gnome-keyring, KWallet, KeePassXC) and locked memory,
// and one contract test for both. On the event loop; no call takes longer than 3 s unless a person is being
// asked to unlock. Failures are `keyring_locked`, `keyring_unavailable` (absent, hung, no collection) and
// `not_found`: "locked" is never "not found".
#pragma once

#include <functional>
#include <vector>

#include "base/async.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "storage/connection.hpp"

namespace forgelink {

enum class StoreState { available, locked, unavailable };
std::string_view name_of(StoreState state);

// May a person be asked for this call: to unlock the keyring, or whether an item may be used or deleted?
enum class Prompt { never, allowed };

class SecretStore {
 public:
  struct NewItem {
    ItemId id;
    Retention retention = Retention::keep;
    std::string label;       // for people who look into their keyring, as "Forgelink: Work (GitHub)"
    std::string connection;  // the connection's id, or "" for what belongs to none
    Secret secret;
  };

  virtual ~SecretStore() = default;

  virtual awaitable<Result<>> put(NewItem item, Prompt prompt) = 0;
  virtual awaitable<Result<Secret>> get(ItemId id, Prompt prompt) = 0;
  // False if there was no such item. Where the keyring asks before it deletes, `allowed` raises its question,
  // once for an item, and does not wait for the answer: `keyring_locked` until the item is gone.
  virtual awaitable<Result<bool>> erase(ItemId id, Prompt prompt) = 0;
  // The ids of this registry's items, in all collections.
  virtual awaitable<Result<std::vector<ItemId>>> list() = 0;

  // A keyring may be replaced behind our back, by another file or another service. `mark` leaves a marker of
  // this registry in it; where `is_marked` says true, an item that is not there has been taken out. Without
  // it, nothing follows from absence.
  virtual awaitable<Result<bool>> is_marked() { co_return true; }
  virtual awaitable<Result<>> mark() { co_return Result<>(); }

  virtual Store kind() const = 0;
  virtual StoreState state() const = 0;
  // There is no such store on this machine now (no bus, nobody offers the service): another may stand in for
  // it.
  virtual bool absent() const { return false; }
  // Returns once `state` is known for the first time: at once, but for a short while after the start.
  virtual awaitable<> first_look() { co_return; }
  virtual bool has_looked() const { return true; }
  // Why it is not available, in a sentence; "" when it is.
  virtual std::string trouble() const = 0;

  // Called when `state` has become another, or another service answers.
  std::function<void()> on_state_changed;
};

}  // namespace forgelink
