// SPDX-License-Identifier: MIT
// Reads the values of a settings file, one key at a time, and reports the first wrong one.
//
// Every key that is asked for is taken out of its table, so that what is left over is a typing mistake. Every
// function throws SettingsError, whose text names file, line, key and what would be right. For settings.cpp
// alone: whoever includes it compiles toml++. Used on one thread.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/settings/settings.hpp"
#include "daemon/settings/toml.hpp"

namespace forgelink {

class SettingsReader {
 public:
  // `file` is named in messages. REQUIRES: `root` outlives the reader.
  SettingsReader(std::string_view file, toml::table& root) : file_(file), root_(root) {}

  // Each leaves `into` as it is where the file does not name the key.
  void text(std::string_view section, std::string_view key, std::string& into);
  void flag(std::string_view section, std::string_view key, bool& into);
  // A list of days from 1 to 366, sorted, the latest first.
  void days(std::string_view section, std::string_view key, std::vector<int>& into);
  // An address with http or https and a host; kept without its trailing slash.
  void endpoint(std::string_view section, std::string_view key, std::string& into);
  // The address of an HTTP proxy, with or without its scheme. It may hold a password, which is not repeated.
  void proxy(std::string_view section, std::string_view key, std::string& into);
  // The path of a file that can be read; may be empty.
  void file(std::string_view section, std::string_view key, std::string& into);
  // One word as an OAuth server writes it: printable ASCII without spaces.
  void word(std::string_view section, std::string_view key, std::string& into);
  // A name as hosts and ids have it: letters, digits, dots and dashes.
  void name(std::string_view section, std::string_view key, std::string& into);
  void port(std::string_view section, std::string_view key, unsigned short& into);
  // [[network.client_certificate]]
  void client_certificates(std::vector<ClientCertificate>& into);
  // [[oauth.server]]
  void oauth_servers(std::vector<OAuthServerSettings>& into);

  // One of these words.
  template <class Choice>
  void choice(std::string_view section, std::string_view key, Choice& into,
              const std::vector<std::pair<std::string_view, Choice>>& choices) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_string();
      std::string all;
      for (const auto& [word, meaning] : choices) {
        if (value != nullptr && value->get() == word) {
          into = meaning;
          return;
        }
        all += fmt::format("{}\"{}\"", all.empty() ? "" : ", ", word);
      }
      refuse(node, name, fmt::format("must be one of {}.", all));
    });
  }

  // A time with its unit, as "10min", not shorter than `least`.
  template <class Duration>
  void duration(std::string_view section, std::string_view key, Duration& into, Duration least) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const std::chrono::milliseconds read = milliseconds_in(node, name);
      if (read < least) refuse(node, name, "is too short.");
      into = std::chrono::duration_cast<Duration>(read);
    });
  }

  // All keys that were asked for, as "secrets.store".
  std::vector<std::string> names() const;

  // Refuses whatever was not asked for: says which key it is, and which there are.
  void refuse_the_rest() const { refuse_rest_of(root_, ""); }

 private:
  [[noreturn]] void refuse(const toml::node& at, std::string_view key, std::string_view right) const;

  template <class Take>
  void take(std::string_view section, std::string_view key, Take take) {
    known_[std::string(section)].emplace_back(key);
    const std::string name = fmt::format("{}.{}", section, key);
    toml::table* table = root_.at_path(section).as_table();
    if (table == nullptr) return;
    const toml::node* node = table->get(key);
    if (node == nullptr) return;
    take(*node, name);
    table->erase(key);
  }

  // The [[list]] of tables under `section`, or null if there is none; `right` says how it is written.
  const toml::array* tables(std::string_view section, std::string_view list, std::string_view right) const;
  std::chrono::milliseconds milliseconds_in(const toml::node& node, const std::string& name) const;
  ClientCertificate client_certificate(const toml::node& item) const;
  OAuthServerSettings oauth_server(const toml::node& item) const;
  void refuse_rest_of(const toml::table& table, const std::string& prefix) const;
  // For an entry of an array of tables, as [[oauth.server]]: keys other than those `known`.
  void refuse_unknown(const toml::table& entry, std::string_view name,
                      const std::vector<std::string>& known) const;
  bool is_section(const std::string& name) const;
  std::string what_there_is(const std::string& section) const;

  std::string file_;
  toml::table& root_;
  std::map<std::string, std::vector<std::string>> known_;  // keys by section
};

}  // namespace forgelink
