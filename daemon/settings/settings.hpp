// SPDX-License-Identifier: MIT
// The settings file (docs/architecture.md 10), read once at start and again on SIGHUP.
//
// A wrong setting is a SettingsError whose text names file, line, key and what would be right. A plain value.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/policy/policy.hpp"
#include "providers/provider.hpp"
#include "storage/connection.hpp"

namespace forgelink {

enum class StoreChoice { automatic, secret_service, memory };

// A certificate that a self-hosted server wants from its clients ([[network.client_certificate]]).
struct ClientCertificate {
  std::string server;  // "https://git.example:8443"
  std::string certificate_file, key_file;
  bool operator==(const ClientCertificate&) const = default;
};

// The OAuth app of a type ([oauth.TYPE]).
struct OAuthTypeSettings {
  std::string client_id;             // "" = none
  std::string tenant;                // Entra's; "" = organizations
  unsigned short redirect_port = 0;  // 0: whichever is free
  bool operator==(const OAuthTypeSettings&) const = default;
};

// The OAuth app of one self-hosted server ([[oauth.server]]).
struct OAuthServerSettings {
  std::string url, client_id;
  bool operator==(const OAuthServerSettings&) const = default;
};

struct Settings {
  std::string log_level = "info";
  std::chrono::seconds idle_exit{0};  // 0: never

  StoreChoice store = StoreChoice::automatic;
  std::chrono::seconds cache{600};  // 0: the secret store is read each time

  Retention retention = Retention::keep;  // of new connections
  bool lock_with_screen = false;

  std::chrono::seconds access_log = std::chrono::hours(24 * 90);  // kept so long; 0: nothing is written

  bool renew_tokens = false;                     // those that can, before their end
  std::chrono::seconds renew_before{7 * 86400};  // so long before

  bool notifications = true;
  std::vector<int> expiry_days = {14, 7, 1};

  std::string proxy;    // "" = the environment decides
  std::string ca_file;  // "" = the system's trust store
  std::chrono::milliseconds timeout{30'000};
  std::vector<ClientCertificate> client_certificates;

  std::map<std::string, OAuthTypeSettings, std::less<>> oauth_types;  // by type
  std::vector<OAuthServerSettings> oauth_servers;
  Endpoints endpoints;

  // The administrator's frame (daemon/policy), read at start and kept when the settings are read again.
  std::shared_ptr<const Policy> policy = no_policy();

  bool operator==(const Settings&) const = default;
};

struct SettingsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// $XDG_CONFIG_HOME/forgelink/config.toml
std::filesystem::path default_settings_file();

// A file that is not there means the defaults, unless `must_exist`.
Settings read_settings(const std::filesystem::path& file, bool must_exist);

// The same from text; `name` stands for the file in messages.
Settings parse_settings(std::string_view text, std::string_view name);

// All there are, as "secrets.store".
std::vector<std::string> setting_names();

}  // namespace forgelink
