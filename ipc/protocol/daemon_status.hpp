// SPDX-License-Identifier: MIT
// The types of `daemon.status`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "ipc/protocol/secret_store_view.hpp"

namespace forgelink::protocol {

// What an administrator has set, as daemon.status shows it.
struct PolicyView {
  std::string file;
  std::optional<std::string> contact;
  std::optional<std::vector<std::string>> allowed_types, allowed_hosts;
  bool pat = true;
  std::optional<std::int64_t> longest_lifetime;
  std::optional<std::string> retention, access;
  void fields(auto& f) {
    f.required("file", file, "Where the administrator wrote it.");
    f.optional("contact", contact, "Whom to ask about it, in the administrator's words.");
    f.optional("allowed_types", allowed_types, "The types that may be used; null for all.");
    f.optional("allowed_hosts", allowed_hosts, "The hosts that git may clone from; null for all.");
    f.required("pat", pat, "Are personal access tokens allowed?");
    f.optional("longest_lifetime", longest_lifetime, "Seconds that a token may live at most; null for any.");
    f.optional("retention", retention, "session: every token ends with the login session; null for either.");
    f.optional("access", access, "ask: every use of a token asks first; null: as each connection says.");
  }
};

struct DaemonStatus {
  static constexpr std::string_view name = "daemon.status";
  static constexpr std::string_view summary = "Return the daemon's version, state and settings.";

  struct Params {
    bool wait = true;

    void fields(auto& f) {
      f.optional("wait", wait, "Right after the start, wait until the state of the keyring is known.");
    }
  };
  struct Reply {
    std::string version;
    std::int64_t protocol = 1, pid = 0;
    Time started_at{};
    std::int64_t uptime = 0, connections = 0, clients = 0;
    bool socket_activated = false, locked = false;
    std::string retention;
    SecretStoreView secret_store;
    bool notifications = false;
    std::string log_level;
    std::int64_t idle_exit = 0, cache = 0;
    std::vector<std::string> git_hosts;
    std::string store, registry;
    std::optional<std::string> proxy, proxy_from, ca_file;
    std::optional<PolicyView> policy;

    void fields(auto& f) {
      f.required("version", version, "The version of the daemon.");
      f.required("protocol", protocol, "The version of this protocol.");
      f.required("pid", pid, "Its process id.");
      f.required("started_at", started_at, "When it was started.");
      f.required("uptime", uptime, "Seconds since then.");
      f.required("connections", connections, "How many connections there are.");
      f.required("clients", clients, "How many clients are connected, this one included.");
      f.required("socket_activated", socket_activated, "Was it started by systemd's socket?");
      f.required("locked", locked, "Is it locked, so that it hands out no token?");
      f.required("retention", retention, "The retention of new connections.");
      f.required("secret_store", secret_store, "Where tokens are kept, and its state.");
      f.required("notifications", notifications, "Are desktop notifications on?");
      f.required("log_level", log_level, "What is logged.");
      f.required("idle_exit", idle_exit, "Seconds without clients after which it exits; 0: never.");
      f.required("cache", cache, "Seconds for which a token read from the keyring is cached.");
      f.required("git_hosts", git_hosts, "The addresses for which it answers git.");
      f.required("store", store, "The setting [secrets] store: auto, secret-service or memory.");
      f.required("registry", registry, "The folder of the registry.");
      f.optional("proxy", proxy, "The proxy for https://, without its password; null for none.");
      f.optional(
          "proxy_from", proxy_from,
          "Where it comes from: the setting network.proxy, or a variable of the daemon's environment.");
      f.optional("policy", policy, "The administrator's policy that is in force; null for none.");
      f.optional("ca_file", ca_file, "The setting [network] ca_file; null for the system's trust store.");
    }
  };
};

}  // namespace forgelink::protocol
