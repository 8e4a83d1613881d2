// SPDX-License-Identifier: MIT
#include "daemon/settings/settings_reader.hpp"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/url.hpp"
#include "providers/http/proxy.hpp"
#include "providers/server_url.hpp"

namespace forgelink {
namespace {

constexpr std::string_view right_address = "must be an address, as \"https://git.example\".";

bool is_printable_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

// "90s", "10min", "2h", "1d"; nothing for other text.
std::optional<std::chrono::milliseconds> duration_of(std::string_view text) {
  using namespace std::chrono;
  std::int64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  // More than any setting needs, and far from what overflows as milliseconds.
  if (failed != std::errc() || count < 0 || count > 1'000'000) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit == "ms" || (unit.empty() && count == 0)) return milliseconds(count);
  if (unit == "s") return seconds(count);
  if (unit == "min" || unit == "m") return minutes(count);
  if (unit == "h") return hours(count);
  if (unit == "d") return hours(24) * count;
  return std::nullopt;
}

}  // namespace

void SettingsReader::refuse(const toml::node& at, std::string_view key, std::string_view right) const {
  throw SettingsError(fmt::format("{}:{}: `{}` {}", file_, at.source().begin.line, key, right));
}

void SettingsReader::text(std::string_view section, std::string_view key, std::string& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_string();
    if (value == nullptr) refuse(node, name, "must be a text in quotes.");
    into = value->get();
  });
}

void SettingsReader::flag(std::string_view section, std::string_view key, bool& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_boolean();
    if (value == nullptr) refuse(node, name, "must be true or false.");
    into = value->get();
  });
}

void SettingsReader::days(std::string_view section, std::string_view key, std::vector<int>& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* list = node.as_array();
    if (list == nullptr) refuse(node, name, "must be a list of days, as [14, 7, 1].");
    into.clear();
    for (const toml::node& item : *list) {
      const auto* day = item.as_integer();
      if (day == nullptr || day->get() < 1 || day->get() > 366)
        refuse(node, name, "must hold days from 1 to 366, as [14, 7, 1].");
      into.push_back(static_cast<int>(day->get()));
    }
    std::sort(into.rbegin(), into.rend());
  });
}

void SettingsReader::endpoint(std::string_view section, std::string_view key, std::string& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_string();
    if (value == nullptr || !origin_of(value->get())) refuse(node, name, right_address);
    const Origin origin = *origin_of(value->get());
    if (origin.scheme == "http" && !origin.is_loopback())
      refuse(node, name, "must begin with https:// (http:// goes to this machine only).");
    into = value->get();
    while (into.ends_with('/')) into.pop_back();
  });
}

void SettingsReader::proxy(std::string_view section, std::string_view key, std::string& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_string();
    const std::string text = value != nullptr ? value->get() : "";
    if (value == nullptr || (!text.empty() && !http::parse_proxy(text)))
      refuse(node, name,
             "must be the address of an HTTP proxy, as \"http://proxy.example:3128\" (not SOCKS).");
    into = text;
  });
}

void SettingsReader::file(std::string_view section, std::string_view key, std::string& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_string();
    if (value == nullptr) refuse(node, name, "must be a file's path in quotes.");
    if (!value->get().empty() && access(value->get().c_str(), R_OK) != 0) {
      refuse(node, name, fmt::format("names \"{}\", which cannot be read.", value->get()));
    }
    into = value->get();
  });
}

void SettingsReader::word(std::string_view section, std::string_view key, std::string& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_string();
    if (value == nullptr || !is_printable_word(value->get()))
      refuse(node, name, "must be a text in quotes, without spaces.");
    into = value->get();
  });
}

void SettingsReader::name(std::string_view section, std::string_view key, std::string& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_string();
    const std::string text = value != nullptr ? value->get() : "";
    const bool good = std::all_of(text.begin(), text.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '.' || c == '-';
    });
    if (value == nullptr || !good) refuse(node, name, "must be a name of letters, digits, dots and dashes.");
    into = text;
  });
}

void SettingsReader::port(std::string_view section, std::string_view key, unsigned short& into) {
  take(section, key, [&](const toml::node& node, const std::string& name) {
    const auto* value = node.as_integer();
    if (value == nullptr || value->get() < 0 || value->get() > 65535)
      refuse(node, name, "must be a port from 1 to 65535, or 0 for whichever is free.");
    into = static_cast<unsigned short>(value->get());
  });
}

const toml::array* SettingsReader::tables(std::string_view section, std::string_view list,
                                          std::string_view right) const {
  const toml::table* table = root_[section].as_table();
  const toml::node* node = table != nullptr ? table->get(list) : nullptr;
  if (node == nullptr) return nullptr;
  const auto* array = node->as_array();
  if (array == nullptr || !array->is_array_of_tables())
    refuse(*node, fmt::format("{}.{}", section, list), right);
  return array;
}

void SettingsReader::refuse_unknown(const toml::table& entry, std::string_view name,
                                    const std::vector<std::string>& known) const {
  for (const auto& [key, value] : entry) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    refuse(value, fmt::format("{}.{}", name, key.str()),
           fmt::format("is not a setting. In [[{}]] there are: {}.", name, fmt::join(known, ", ")));
  }
}

ClientCertificate SettingsReader::client_certificate(const toml::node& item) const {
  const toml::table& entry = *item.as_table();
  refuse_unknown(entry, "network.client_certificate", {"server", "certificate", "key"});
  const auto word = [&](std::string_view key) { return entry[key].value_or(std::string()); };
  ClientCertificate certificate{
      .server = word("server"), .certificate_file = word("certificate"), .key_file = word("key")};
  const auto origin = origin_of(certificate.server);
  if (!origin || origin->scheme != "https") refuse(item, "network.client_certificate.server", right_address);
  certificate.server = origin->text();
  for (const auto& [key, path] :
       {std::pair("certificate", certificate.certificate_file), std::pair("key", certificate.key_file)}) {
    if (access(path.c_str(), R_OK) != 0)
      refuse(item, fmt::format("network.client_certificate.{}", key), "must name a file that can be read.");
  }
  return certificate;
}

void SettingsReader::client_certificates(std::vector<ClientCertificate>& into) {
  const toml::array* list =
      tables("network", "client_certificate",
             "must be written as [[network.client_certificate]] with server, certificate and key.");
  if (list == nullptr) return;
  for (const toml::node& item : *list) into.push_back(client_certificate(item));
  // Taken out as take() does it, so that it is not refused as a key that nobody knows.
  root_["network"].as_table()->erase("client_certificate");
}

OAuthServerSettings SettingsReader::oauth_server(const toml::node& item) const {
  const toml::table& entry = *item.as_table();
  refuse_unknown(entry, "oauth.server", {"url", "client_id"});
  OAuthServerSettings server{.url = "", .client_id = entry["client_id"].value_or(std::string())};
  Result<std::string> url = normal_server_url(entry["url"].value_or(std::string()), true);
  if (!url) refuse(item, "oauth.server.url", right_address);
  server.url = *url;
  if (server.client_id.empty() || !is_printable_word(server.client_id))
    refuse(item, "oauth.server.client_id", "must be the client id of an app on that server.");
  return server;
}

void SettingsReader::oauth_servers(std::vector<OAuthServerSettings>& into) {
  const toml::array* list =
      tables("oauth", "server", "must be written as [[oauth.server]] with url and client_id.");
  if (list == nullptr) return;
  for (const toml::node& item : *list) into.push_back(oauth_server(item));
  root_["oauth"].as_table()->erase("server");
}

std::chrono::milliseconds SettingsReader::milliseconds_in(const toml::node& node,
                                                          const std::string& name) const {
  const auto* text = node.as_string();
  const auto* number = node.as_integer();
  if (number != nullptr && number->get() == 0) return std::chrono::milliseconds(0);
  const auto read = text != nullptr ? duration_of(text->get()) : std::nullopt;
  if (!read) refuse(node, name, "must be a time with its unit, as \"30s\", \"10min\", \"2h\" or \"1d\".");
  return *read;
}

std::vector<std::string> SettingsReader::names() const {
  std::vector<std::string> names;
  for (const auto& [section, keys] : known_) {
    for (const std::string& key : keys) names.push_back(section + "." + key);
  }
  return names;
}

void SettingsReader::refuse_rest_of(const toml::table& table, const std::string& prefix) const {
  for (const auto& [key, node] : table) {
    const std::string name =
        prefix.empty() ? std::string(key.str()) : fmt::format("{}.{}", prefix, key.str());
    const toml::table* inner = node.as_table();
    if (inner != nullptr && is_section(name)) {
      refuse_rest_of(*inner, name);
      continue;
    }
    if (inner == nullptr && is_section(name))
      refuse(node, name, "must be a section, written as [" + name + "].");
    refuse(node, name, "is not a setting. " + what_there_is(prefix));
  }
}

bool SettingsReader::is_section(const std::string& name) const {
  return std::any_of(known_.begin(), known_.end(), [&](const auto& entry) {
    return entry.first == name || entry.first.starts_with(name + ".");
  });
}

std::string SettingsReader::what_there_is(const std::string& section) const {
  std::string names;
  const auto found = known_.find(section);
  if (found == known_.end()) {
    for (const auto& [name, keys] : known_) names += fmt::format("{}[{}]", names.empty() ? "" : ", ", name);
    return fmt::format("The sections are {}.", names);
  }
  for (const std::string& key : found->second) names += fmt::format("{}{}", names.empty() ? "" : ", ", key);
  return fmt::format("In [{}] there are: {}.", section, names);
}

}  // namespace forgelink
