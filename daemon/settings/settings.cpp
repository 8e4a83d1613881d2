// SPDX-License-Identifier: MIT
#include "daemon/settings/settings.hpp"

// toml++ has an assertion that `[!]` fails; without assertions it says what is wrong (TOML_ASSERT is its own
// option).
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "base/paths.hpp"
#include "base/url.hpp"
#include "providers/http/proxy.hpp"
#include "providers/oauth/oauth_dialect.hpp"
#include "providers/server_url.hpp"

namespace forgelink {
namespace {

using std::chrono::seconds;

// Walks one settings file: every key it knows is taken out of its table, so that what is left over is a
// mistake.
class Reader {
 public:
  Reader(std::string_view file, toml::table& root) : file_(file), root_(root) {}

  [[noreturn]] void refuse(const toml::node& at, std::string_view key, std::string_view right) const {
    throw SettingsError(fmt::format("{}:{}: `{}` {}", file_, at.source().begin.line, key, right));
  }

  void text(std::string_view section, std::string_view key, std::string& into) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_string();
      if (value == nullptr) refuse(node, name, "must be a text in quotes.");
      into = value->get();
    });
  }

  void flag(std::string_view section, std::string_view key, bool& into) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_boolean();
      if (value == nullptr) refuse(node, name, "must be true or false.");
      into = value->get();
    });
  }

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

  template <class Duration>
  void duration(std::string_view section, std::string_view key, Duration& into, Duration least) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_string();
      const bool zero = node.as_integer() != nullptr && node.as_integer()->get() == 0;
      const auto parsed = value != nullptr ? duration_of(value->get())
                          : zero           ? std::optional(std::chrono::milliseconds(0))
                                           : std::nullopt;
      if (!parsed)
        refuse(node, name, "must be a time with its unit, as \"30s\", \"10min\", \"2h\" or \"1d\".");
      if (*parsed < least) refuse(node, name, "is too short.");
      into = std::chrono::duration_cast<Duration>(*parsed);
    });
  }

  void days(std::string_view section, std::string_view key, std::vector<int>& into) {
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

  // An endpoint: http or https with a host; kept without its trailing slash.
  void endpoint(std::string_view section, std::string_view key, std::string& into) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_string();
      if (value == nullptr || !origin_of(value->get()))
        refuse(node, name, "must be an address, as \"https://git.example\".");
      const Origin origin = *origin_of(value->get());
      if (origin.scheme == "http" && !origin.is_loopback())
        refuse(node, name, "must begin with https:// (http:// goes to this machine only).");
      into = value->get();
      while (into.ends_with('/')) into.pop_back();
    });
  }

  // An address of an HTTP proxy, with or without its scheme; it may hold a password, which is not repeated.
  void proxy(std::string_view section, std::string_view key, std::string& into) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_string();
      const std::string text = value != nullptr ? value->get() : "";
      if (value == nullptr || (!text.empty() && !http::parse_proxy(text)))
        refuse(node, name,
               "must be the address of an HTTP proxy, as \"http://proxy.example:3128\" (not SOCKS).");
      into = text;
    });
  }

  void file(std::string_view section, std::string_view key, std::string& into) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_string();
      if (value == nullptr) refuse(node, name, "must be a file's path in quotes.");
      if (!value->get().empty() && access(value->get().c_str(), R_OK) != 0) {
        refuse(node, name, fmt::format("names \"{}\", which cannot be read.", value->get()));
      }
      into = value->get();
    });
  }

  void client_certificates(std::vector<ClientCertificate>& into) {
    toml::table* network = root_["network"].as_table();
    if (network == nullptr || !network->contains("client_certificate")) return;
    const toml::node& node = *network->get("client_certificate");
    const auto* list = node.as_array();
    if (list == nullptr || !list->is_array_of_tables()) {
      refuse(node, "network.client_certificate",
             "must be written as [[network.client_certificate]] with server, certificate and key.");
    }
    for (const toml::node& item : *list) {
      const toml::table& entry = *item.as_table();
      const auto word = [&](std::string_view key) { return entry[key].value_or(std::string()); };
      ClientCertificate certificate{
          .server = word("server"), .certificate_file = word("certificate"), .key_file = word("key")};
      const auto origin = origin_of(certificate.server);
      if (!origin || origin->scheme != "https")
        refuse(item, "network.client_certificate.server", "must be an address, as \"https://git.example\".");
      certificate.server = origin->text();
      for (const auto& [key, path] :
           {std::pair("certificate", certificate.certificate_file), std::pair("key", certificate.key_file)}) {
        if (access(path.c_str(), R_OK) != 0)
          refuse(item, fmt::format("network.client_certificate.{}", key),
                 "must name a file that can be read.");
      }
      into.push_back(std::move(certificate));
    }
    network->erase("client_certificate");
  }

  // As an OAuth server writes it: printable ASCII in one piece.
  void word(std::string_view section, std::string_view key, std::string& into) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_string();
      if (value == nullptr || !is_printable_word(value->get()))
        refuse(node, name, "must be a text in quotes, without spaces.");
      into = value->get();
    });
  }

  void port(std::string_view section, std::string_view key, unsigned short& into) {
    take(section, key, [&](const toml::node& node, const std::string& name) {
      const auto* value = node.as_integer();
      if (value == nullptr || value->get() < 0 || value->get() > 65535)
        refuse(node, name, "must be a port from 1 to 65535, or 0 for whichever is free.");
      into = static_cast<unsigned short>(value->get());
    });
  }

  void oauth_servers(std::vector<OAuthServerSettings>& into) {
    toml::table* oauth = root_["oauth"].as_table();
    if (oauth == nullptr || !oauth->contains("server")) return;
    const toml::node& node = *oauth->get("server");
    const auto* list = node.as_array();
    if (list == nullptr || !list->is_array_of_tables())
      refuse(node, "oauth.server", "must be written as [[oauth.server]] with url and client_id.");
    for (const toml::node& item : *list) {
      const toml::table& entry = *item.as_table();
      OAuthServerSettings server{.url = "", .client_id = entry["client_id"].value_or(std::string())};
      Result<std::string> url = normal_server_url(entry["url"].value_or(std::string()), true);
      if (!url) refuse(item, "oauth.server.url", "must be an address, as \"https://git.example\".");
      server.url = *url;
      if (server.client_id.empty() || !is_printable_word(server.client_id))
        refuse(item, "oauth.server.client_id", "must be the client id of an app on that server.");
      for (const auto& [key, value] : entry) {
        if (key != "url" && key != "client_id")
          refuse(value, "oauth.server." + std::string(key.str()),
                 "is not a setting. In [[oauth.server]] there are: url, client_id.");
      }
      into.push_back(std::move(server));
    }
    oauth->erase("server");
  }

  // All that were asked for, as "secrets.store".
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [section, keys] : known_) {
      for (const std::string& key : keys) names.push_back(section + "." + key);
    }
    return names;
  }

  // Whatever nobody asked for is a typing mistake: say which, and what there is.
  void refuse_the_rest() const { refuse_rest_of(root_, ""); }

 private:
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

  void refuse_rest_of(const toml::table& table, const std::string& prefix) const {
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

  bool is_section(const std::string& name) const {
    return std::any_of(known_.begin(), known_.end(), [&](const auto& entry) {
      return entry.first == name || entry.first.starts_with(name + ".");
    });
  }

  std::string what_there_is(const std::string& section) const {
    std::string names;
    const auto found = known_.find(section);
    if (found == known_.end()) {
      for (const auto& [name, keys] : known_) names += fmt::format("{}[{}]", names.empty() ? "" : ", ", name);
      return fmt::format("The sections are {}.", names);
    }
    for (const std::string& key : found->second) names += fmt::format("{}{}", names.empty() ? "" : ", ", key);
    return fmt::format("In [{}] there are: {}.", section, names);
  }

  static std::optional<std::chrono::milliseconds> duration_of(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc() || count < 0 || count > 1'000'000) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    using namespace std::chrono;
    if (unit == "ms" || (unit.empty() && count == 0)) return milliseconds(count);
    if (unit == "s") return seconds(count);
    if (unit == "min" || unit == "m") return minutes(count);
    if (unit == "h") return hours(count);
    if (unit == "d") return days_of(count);
    return std::nullopt;
  }
  static bool is_printable_word(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  }
  static std::chrono::milliseconds days_of(std::int64_t count) { return std::chrono::hours(24) * count; }

  std::string file_;
  toml::table& root_;
  std::map<std::string, std::vector<std::string>> known_;
};

Settings settings_of(Reader& in) {
  Settings s;
  in.choice<std::string>(
      "daemon", "log_level", s.log_level,
      {{"trace", "trace"}, {"debug", "debug"}, {"info", "info"}, {"warn", "warn"}, {"error", "error"}});
  in.duration("daemon", "idle_exit", s.idle_exit, seconds(0));
  in.choice<StoreChoice>("secrets", "store", s.store,
                         {{"auto", StoreChoice::automatic},
                          {"secret-service", StoreChoice::secret_service},
                          {"memory", StoreChoice::memory}});
  in.duration("secrets", "cache", s.cache, seconds(0));
  in.choice<Retention>("session", "retention", s.retention,
                       {{"keep", Retention::keep}, {"session", Retention::session}});
  in.choice<bool>("tokens", "renew", s.renew_tokens, {{"never", false}, {"auto", true}});
  in.duration("tokens", "renew_before", s.renew_before, seconds(0));
  in.flag("session", "lock_with_screen", s.lock_with_screen);
  in.duration("access", "log", s.access_log, seconds(0));
  in.flag("notifications", "enabled", s.notifications);
  in.days("notifications", "expiry_days", s.expiry_days);
  in.proxy("network", "proxy", s.proxy);
  in.file("network", "ca_file", s.ca_file);
  in.duration("network", "timeout", s.timeout, std::chrono::milliseconds(100));
  in.client_certificates(s.client_certificates);
  in.oauth_servers(s.oauth_servers);
  for (const Provider& provider : providers()) {
    if (provider.oauth == nullptr || !provider.oauth->in_settings) continue;
    const std::string section = fmt::format("oauth.{}", provider.id);
    OAuthTypeSettings app;
    in.word(section, "client_id", app.client_id);
    if (provider.oauth->redirect.fixed_port) in.port(section, "redirect_port", app.redirect_port);
    if (provider.oauth->has_tenants) in.word(section, "tenant", app.tenant);
    if (app.tenant == "organizations") app.tenant.clear();  // which is what it is without
    if (app.tenant == "organizations") app.tenant.clear();
    if (app != OAuthTypeSettings()) s.oauth_types.emplace(provider.id, std::move(app));
  }
  for (const Provider& provider : providers()) {
    for (const Endpoint& endpoint : provider.endpoints) {
      std::string url;
      in.endpoint(fmt::format("endpoints.{}", provider.id), endpoint.name, url);
      if (!url.empty()) s.endpoints.replace(provider.id, endpoint.name, std::move(url));
    }
  }
  in.refuse_the_rest();
  return s;
}

// The same text with a question mark for each byte that is not ASCII; a byte order mark stays.
//
// toml++ 3.3 takes for unreachable what such a character meets outside of strings and comments
// (unicode_autogenerated.h), so it must never see one there. A question mark is allowed in just the same
// places. What parses without those characters has them in strings and comments only, and may be parsed as it
// is.
std::string masked(std::string_view text) {
  std::string mask(text);
  const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (std::size_t i = begin; i < mask.size(); ++i) {
    if (static_cast<unsigned char>(mask[i]) >= 0x80) mask[i] = '?';
  }
  return mask;
}

// The byte at a position that the parser told of a text of single-byte characters; 0 if there is none.
char byte_at(std::string_view text, const toml::source_position& position) {
  for (std::size_t line = 1; line < position.line; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    text.remove_prefix(end + 1);
  }
  return position.column >= 1 && position.column <= text.size() ? text[position.column - 1] : '\0';
}

}  // namespace

std::filesystem::path default_settings_file() { return config_home() / "forgelink" / "config.toml"; }

Settings parse_settings(std::string_view text, std::string_view name) {
  const auto refuse = [&](const toml::parse_error& error, std::string_view why) {
    throw SettingsError(fmt::format("{}:{}: this is not TOML: {}.", name, error.source().begin.line, why));
  };
  try {
    static_cast<void>(toml::parse(masked(text), name));
  } catch (const toml::parse_error& error) {
    const bool stray = static_cast<unsigned char>(byte_at(text, error.source().begin)) >= 0x80;
    refuse(error, stray ? "a letter that is not ASCII stands outside quotes" : error.description());
  }
  try {
    toml::table root = toml::parse(text, name);
    Reader in(name, root);
    return settings_of(in);
  } catch (const toml::parse_error& error) {
    refuse(error, error.description());
    throw;  // refuse() does not return
  }
}

std::vector<std::string> setting_names() {
  toml::table none;
  Reader in("", none);
  settings_of(in);
  return in.names();
}

Settings read_settings(const std::filesystem::path& file, bool must_exist) {
  std::ifstream in(file);
  // A folder can be opened, but holds no text.
  if (!in || std::filesystem::is_directory(file)) {
    if (!must_exist && !std::filesystem::exists(file)) return {};
    throw SettingsError(fmt::format("{}: the settings file cannot be read.", file.string()));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return parse_settings(text.str(), file.string());
}

}  // namespace forgelink
