// SPDX-License-Identifier: MIT
#include "daemon/events/notifications.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/shell_word.hpp"

namespace forgelink {
namespace {

std::string text_in(const boost::json::object& detail, std::string_view name) {
  const boost::json::value* found = detail.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

bool flag_in(const boost::json::object& detail, std::string_view name) {
  const boost::json::value* found = detail.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

// The body is markup where the server says so; a name is not.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// “A”, “B”
std::string quoted_names(const boost::json::object& detail) {
  const boost::json::value* names = detail.if_contains("names");
  std::string all;
  if (names == nullptr || !names->is_array()) return all;
  for (const boost::json::value& one : names->get_array())
    all += fmt::format("{}“{}”", all.empty() ? "" : ", ", std::string(one.as_string()));
  return all;
}

// What the person should do next, wherever they do it.
std::string again(const std::string& name) {
  return "Click to configure it again, or run: forgelink edit " + quoted(name);
}

std::optional<DesktopNotice> notice_about(const Event& event, const std::string& name) {
  switch (event.kind) {
    case EventKind::connection_added:
      return DesktopNotice{fmt::format("Created connection “{}”", name), "git can use it from now on."};
    case EventKind::sign_in_completed:
      // The connection was made by this sign-in, which has its notice already.
      if (event.connection != nullptr && event.connection->created_at == event.connection->updated_at)
        return std::nullopt;
      return DesktopNotice{"Signed in", fmt::format("“{}” is signed in.", name)};
    case EventKind::sign_in_failed: {
      const std::string kind = text_in(event.detail, "kind");
      if (kind == "sign_in_cancelled" || kind == "shutting_down") return std::nullopt;
      return DesktopNotice{"Sign-in failed", fmt::format("“{}”: {}", name, text_in(event.detail, "message"))};
    }
    case EventKind::token_rejected:
      return DesktopNotice{"Token refused",
                           fmt::format("The forge refused the token of “{}”. {}", name, again(name)), true};
    case EventKind::token_expired:
      return DesktopNotice{.title = "Token expired",
                           .text = fmt::format("The token of “{}” has expired. {}", name, again(name)),
                           .urgent = true,
                           .page = text_in(event.detail, "renew_url")};
    case EventKind::token_renewed:
      if (!flag_in(event.detail, "automatic")) return std::nullopt;
      return DesktopNotice{
          "Renewed a token",
          fmt::format("The token of “{}” was renewed ahead of its end. Copies of it elsewhere end with that.",
                      name)};
    case EventKind::token_expiring: {
      const boost::json::value* days = event.detail.if_contains("days_left");
      const std::int64_t left = days != nullptr && days->is_int64() ? days->get_int64() : 0;
      const bool can_renew = flag_in(event.detail, "can_renew");
      return DesktopNotice{
          .title = "Token expires soon",
          .text =
              fmt::format("The token of “{}” expires in {} {}. {}", name, left, left == 1 ? "day" : "days",
                          can_renew ? "Renew it: forgelink renew " + quoted(name) : again(name)),
          .can_renew = can_renew,
          .page = can_renew ? "" : text_in(event.detail, "renew_url")};
    }
    case EventKind::tokens_purged:
      return DesktopNotice{"Tokens taken away",
                           fmt::format("{} must be configured again before the next use: forgelink edit NAME",
                                       quoted_names(event.detail))};
    default:
      return std::nullopt;
  }
}

// The server's id of the notice, and the text after it; 0 if the signal is not one.
std::uint32_t notice_id(sd_bus_message* message) {
  std::uint32_t id = 0;
  return sd_bus_message_read(message, "u", &id) > 0 ? id : 0;
}

constexpr const char* server = "org.freedesktop.Notifications";
constexpr const char* server_path = "/org/freedesktop/Notifications";

// Of a call that failed, or could not be sent (nullptr).
std::string error_text(sd_bus_message* reply) {
  const sd_bus_error* error = reply != nullptr ? sd_bus_message_get_error(reply) : nullptr;
  return error != nullptr && error->message != nullptr ? error->message : "it was not sent";
}

}  // namespace

std::optional<DesktopNotice> notice_of(const Event& event) {
  const std::string name =
      event.connection != nullptr ? event.connection->name : text_in(event.detail, "name");
  std::optional<DesktopNotice> notice = notice_about(event, name);
  if (notice && event.connection != nullptr) notice->connection = event.connection->id.text();
  return notice;
}

void Notifications::on_event(const Event& event) {
  if (!settings_.notifications) return;
  if (const auto notice = notice_of(event)) show(*notice);
}

bool Notifications::open_bus() {
  if (bus_) return true;
  bus_ = Bus::open(executor_, Bus::Which::session);
  if (!bus_) return false;
  bus_->on_lost = [this] {
    bus_.reset();
    shown_.clear();
  };
  const std::string rule = fmt::format("type='signal',sender='{0}',interface='{0}',member=", server);
  bus_->match(rule + "'ActionInvoked'", [this](sd_bus_message* signal) { on_action(signal); });
  bus_->match(rule + "'NotificationClosed'", [this](sd_bus_message* signal) { on_closed(signal); });
  return true;
}

void Notifications::show(const DesktopNotice& notice) {
  if (!open_bus()) return;
  sd_bus_message* call = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &call, server, server_path, server, "Notify") < 0)
    return;
  const std::string text = escaped(notice.text);
  // app_name, replaces_id, app_icon, summary, body
  sd_bus_message_append(call, "susss", "Forgelink", 0u, "org.forgelink.Forgelink", notice.title.c_str(),
                        text.c_str());
  append_actions(call, notice);
  // hints, expire_timeout (-1: as the server likes)
  sd_bus_message_append(call, "a{sv}i", 2, "urgency", "y", notice.urgent ? 2 : 1, "desktop-entry", "s",
                        "org.forgelink.Forgelink", -1);
  bus_->call(call, [this, shown = Shown{notice.connection, notice.page}](sd_bus_message* reply) {
    if (reply == nullptr || sd_bus_message_is_method_error(reply, nullptr) != 0) {
      spdlog::debug("nobody shows notices: {}", error_text(reply));
      return;
    }
    const std::uint32_t id = notice_id(reply);
    if (id == 0 || shown.connection.empty()) return;
    if (shown_.size() >= most_shown) shown_.erase(shown_.begin());
    shown_[id] = shown;
  });
}

void Notifications::append_actions(sd_bus_message* call, const DesktopNotice& notice) {
  sd_bus_message_open_container(call, 'a', "s");
  const auto add = [&](const char* key, const char* label) { sd_bus_message_append(call, "ss", key, label); };
  if (!notice.connection.empty()) add("default", "Open");
  if (notice.can_renew) add("renew", "Renew");
  if (!notice.page.empty()) add("page", "Create a new token");
  sd_bus_message_close_container(call);
}

void Notifications::on_action(sd_bus_message* signal) {
  const auto found = shown_.find(notice_id(signal));
  const char* action = nullptr;
  if (found == shown_.end() || sd_bus_message_read(signal, "s", &action) <= 0) return;
  const std::string_view pressed = action;
  const Shown shown = found->second;
  if (pressed == "default") open_window(shown.connection);
  if (pressed == "renew" && on_renew) {
    shown_.erase(found);  // once: each rotation ends the token before
    on_renew(shown.connection);
  }
  if (pressed == "page") open_page(shown.page, shown.connection);
}

void Notifications::on_closed(sd_bus_message* signal) { shown_.erase(notice_id(signal)); }

// By the desktop's portal, since the daemon knows of no browser; where there is none, the window has the
// page.
void Notifications::open_page(const std::string& url, const std::string& connection) {
  sd_bus_message* call = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &call, "org.freedesktop.portal.Desktop",
                                     "/org/freedesktop/portal/desktop", "org.freedesktop.portal.OpenURI",
                                     "OpenURI") < 0)
    return;
  sd_bus_message_append(call, "ssa{sv}", "", url.c_str(), 0);
  bus_->call(call, [this, connection](sd_bus_message* reply) {
    if (reply != nullptr && sd_bus_message_is_method_error(reply, nullptr) == 0) return;
    spdlog::info("the portal opens no page: {}", error_text(reply));
    if (bus_) open_window(connection);
  });
}

// As the Desktop Entry Specification has it ("D-Bus Activation"): the bus starts the window if it is not
// there.
void Notifications::open_window(const std::string& connection) {
  sd_bus_message* call = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &call, "org.forgelink.Forgelink",
                                     "/org/forgelink/Forgelink", "org.freedesktop.Application",
                                     "ActivateAction") < 0)
    return;
  sd_bus_message_append(call, "sava{sv}", "open-connection", 1, "s", connection.c_str(), 0);
  bus_->call(call, [](sd_bus_message* reply) {
    if (reply == nullptr || sd_bus_message_is_method_error(reply, nullptr) != 0)
      spdlog::info("the window does not open: {}", error_text(reply));
  });
}

}  // namespace forgelink
