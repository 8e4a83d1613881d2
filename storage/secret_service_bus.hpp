// SPDX-License-Identifier: MIT
// The session's bus and the Secret Service on it, as GLib shows them: what storage/secret_service_calls.cpp
// is made of, and for nobody else.
//
// All calls block, for three seconds at most; used on one worker thread at a time.
#pragma once

#define SECRET_WITH_UNSTABLE 1
#define SECRET_API_SUBJECT_TO_CHANGE 1
#include <libsecret/secret.h>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace forgelink {

inline constexpr const char* secret_service_name = "org.freedesktop.secrets";

struct Unref {
  void operator()(GVariant* value) const { g_variant_unref(value); }
  void operator()(SecretValue* value) const { secret_value_unref(value); }
  void operator()(GHashTable* table) const { g_hash_table_unref(table); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(char* text) const { g_free(text); }
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

// A GError on its way out of a C call.
class Problem {
 public:
  Problem() = default;
  ~Problem() { g_clear_error(&error_); }
  Problem(const Problem&) = delete;

  GError** out() {
    g_clear_error(&error_);
    return &error_;
  }
  explicit operator bool() const { return error_ != nullptr; }

  std::string name() const;  // of the D-Bus error, "" if it is none
  std::string text() const;

  // The service was restarted under us, or has not noticed us yet (gnome-keyring 42 answers UnknownMethod to
  // a client that it has just seen): worth a second try.
  bool is_stale() const;
  // The service did not answer in time.
  bool is_silence() const;

  Error error() const;  // keyring_locked or keyring_unavailable
  static Error locked();
  static Error no_answer();

 private:
  bool is(GQuark domain, int code) const;

  GError* error_ = nullptr;
};

// Ties a stop_token to a GCancellable for the length of a call.
class Cancel {
 public:
  explicit Cancel(const std::stop_token& stop)
      : cancellable_(g_cancellable_new()),
        callback_(stop, [raw = cancellable_.get()] { g_cancellable_cancel(raw); }) {}
  operator GCancellable*() const { return cancellable_.get(); }

 private:
  Owned<GCancellable> cancellable_;
  std::stop_callback<std::function<void()>> callback_;
};

// One connection to the session bus and one session with the service. Whatever fails leaves its reason in the
// `Problem`.
class SecretServiceBus {
 public:
  // Null where there is no bus.
  static std::unique_ptr<SecretServiceBus> open(GCancellable* cancel, Problem& problem);

  bool is_open() const;

  Owned<GVariant> call(const char* to, const char* path, const char* interface, const char* method,
                       GVariant* arguments, const char* reply, GCancellable* cancel, Problem& problem);

  // Somebody has that name, or would be started for it.
  bool offers_the_service(GCancellable* cancel, Problem& problem);

  // "/" where the service has no collection of that name.
  std::string alias(const char* name, GCancellable* cancel, Problem& problem);

  std::optional<std::vector<std::string>> collections(GCancellable* cancel, Problem& problem);

  enum class Object { collection, item };
  std::optional<bool> is_locked(Object kind, const std::string& path, GCancellable* cancel, Problem& problem);

  struct Found {
    std::vector<std::string> unlocked, locked;
  };
  std::optional<Found> search(const std::vector<std::pair<const char*, std::string>>& attributes,
                              GCancellable* cancel, Problem& problem);

  std::string attribute(const std::string& item, const char* name, GCancellable* cancel, Problem& problem);

  using Attributes = std::vector<std::pair<const char*, std::string>>;
  struct Item {
    std::string label;
    Attributes attributes;
    std::string_view text;  // the secret; must outlive the call
  };
  // REQUIRES: the collection is unlocked. False if it failed.
  bool create(const std::string& collection, const Item& item, GCancellable* cancel, Problem& problem);

  // False if the service has a question first; it is not asked.
  std::optional<bool> erase(const std::string& item, GCancellable* cancel, Problem& problem);

  // The same with the question. False if it failed; true does not tell whether a person said no.
  bool erase_asking(const std::string& item, GCancellable* cancel, Problem& problem);

  // The encrypted session that secrets travel in.
  SecretService* session(GCancellable* cancel, Problem& problem);

  // True if a person unlocked it; false if they dismissed the question.
  bool unlock(Object kind, const std::string& path, GCancellable* cancel, Problem& problem);

 private:
  std::optional<Owned<GVariant>> property(const std::string& object, const char* interface, const char* name,
                                          GCancellable* cancel, Problem& problem);
  bool is_among(const char* method, GCancellable* cancel, Problem& problem);

  Owned<GDBusConnection> connection_;
  Owned<SecretService> service_;
};

}  // namespace forgelink
