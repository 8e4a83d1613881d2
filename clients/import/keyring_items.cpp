// SPDX-License-Identifier: MIT
#include "clients/import/keyring_items.hpp"

#include <charconv>
#include <ctime>

#include "clients/cli/import/parsers.hpp"
#include "clients/import/keyring.hpp"

namespace forgelink::cli {
namespace {

std::string date_of(std::string_view seconds) {
  std::int64_t number = 0;
  const auto [end, wrong] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), number);
  if (wrong != std::errc() || number <= 0) return "";
  const auto time = static_cast<std::time_t>(number);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return "";
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// The password, and on further lines what git told besides (git 2.42 and later).
void read_lines(Found& found, const Keyring::Item& item, const Secret& user) {
  std::string_view rest = item.secret.reveal();
  const std::string_view password = rest.substr(0, rest.find('\n'));
  fill_in(found, user, Secret(password));
  while (rest.find('\n') != std::string_view::npos) {
    rest.remove_prefix(rest.find('\n') + 1);
    const std::string_view line = rest.substr(0, rest.find('\n'));
    constexpr std::string_view expiry = "password_expiry_utc=";
    if (line.starts_with("oauth_refresh_token="))
      found.cannot =
          "It lasts some hours, and only the program that made it can renew it. Make a personal access "
          "token.";
    if (line.starts_with(expiry)) {
      if (const std::string date = date_of(line.substr(expiry.size())); !date.empty())
        found.expires_at = date;
    }
  }
}

// git-credential-libsecret: schema org.git.Password, before git 2.41 the one of all network passwords, which
// others use too; its label tells.
void look_for_libsecret(Keyring& keyring, std::vector<Found>& all) {
  for (const char* protocol : {"https", "http"}) {
    for (const Keyring::Item& item : keyring.search({{"protocol", protocol}})) {
      const std::string schema = item.attribute("xdg:schema");
      const bool old = schema == "org.gnome.keyring.NetworkPassword" && item.label.starts_with("Git: ");
      if (schema != "org.git.Password" && !old) continue;
      Found found{.source = "libsecret",
                  .place = "keyring",
                  .scheme = protocol,
                  .host = item.attribute("server"),
                  .path = item.attribute("object")};
      if (const std::string port = item.attribute("port"); !port.empty() && port != "0")
        found.host += ":" + port;
      if (!is_host(found.host)) continue;
      read_lines(found, item, Secret(item.attribute("user")));
      all.push_back(std::move(found));
    }
  }
}

// Git Credential Manager: `service` is a namespace, git if nobody changed it, and an address; `account`.
void look_for_gcm(Keyring& keyring, std::vector<Found>& all) {
  for (const Keyring::Item& item : keyring.search({{"xdg:schema", "com.microsoft.GitCredentialManager"}})) {
    Found found{.source = "gcm", .place = "keyring"};
    if (!read_gcm_service(item.attribute("service"), found)) continue;
    fill_in(found, Secret(item.attribute("account")), item.secret.duplicate());
    all.push_back(std::move(found));
  }
}

// gh and glab, by way of go-keyring: `service` and `username`. gh keeps the token of the account in use a
// second time under the empty name.
void look_for_service(Keyring& keyring, Found found, const std::string& service, std::vector<Found>& all) {
  for (const Keyring::Item& item : keyring.search({{"service", service}})) {
    Found one{.source = found.source, .place = "keyring", .scheme = "https", .host = found.host};
    fill_in(one, Secret(item.attribute("username")), item.secret.duplicate());
    all.push_back(std::move(one));
  }
}

}  // namespace

Parsed look_into_keyring(const KeyringWanted& wanted) {
  Parsed parsed;
  if (wanted.sources.empty()) return parsed;
  const auto opened = Keyring::open(wanted.may_ask, parsed.trouble);
  if (!opened) return parsed;
  Keyring& keyring = *opened;
  if (wanted.sources.contains("libsecret")) look_for_libsecret(keyring, parsed.found);
  if (wanted.sources.contains("gcm")) look_for_gcm(keyring, parsed.found);
  if (wanted.sources.contains("gh")) {
    for (const std::string& host : wanted.gh_hosts)
      look_for_service(keyring, {.source = "gh", .host = host}, "gh:" + host, parsed.found);
  }
  if (wanted.sources.contains("glab")) {
    for (const std::string& host : wanted.glab_hosts) {
      for (const char* end : {":token", ""})
        look_for_service(keyring, {.source = "glab", .host = host}, "glab:" + host + end, parsed.found);
    }
  }
  if (keyring.locked() > 0) {
    parsed.trouble = "It is locked, so not all of what is in it could be read. Unlock it, then try again.";
  } else if (keyring.has_failed()) {
    parsed.trouble = "It did not answer.";
  }
  return parsed;
}

}  // namespace forgelink::cli
