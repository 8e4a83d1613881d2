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

}  // namespace

std::optional<DesktopNotice> notice_of(const Event& event) {
  const std::string name =
      event.connection != nullptr ? event.connection->name : text_in(event.detail, "name");
  const std::string again = "Configure it again: forgelink edit " + quoted(name);
  if (event.kind == EventKind::connection_added)
    return DesktopNotice{"Connection made", fmt::format("“{}” is ready.", name)};
  if (event.kind == EventKind::sign_in_completed)
    return DesktopNotice{"Signed in", fmt::format("“{}” is signed in with GitHub.", name)};
  if (event.kind == EventKind::sign_in_failed) {
    if (text_in(event.detail, "kind") == "sign_in_cancelled" ||
        text_in(event.detail, "kind") == "shutting_down")
      return std::nullopt;
    return DesktopNotice{"Sign-in failed", fmt::format("“{}”: {}", name, text_in(event.detail, "message"))};
  }
  if (event.kind == EventKind::token_rejected)
    return DesktopNotice{"Token refused", fmt::format("The forge refused the token of “{}”. {}", name, again),
                         true};
  if (event.kind == EventKind::token_expired)
    return DesktopNotice{"Token expired", fmt::format("The token of “{}” has expired. {}", name, again),
                         true};
  if (event.kind == EventKind::token_expiring) {
    const boost::json::value* days = event.detail.if_contains("days_left");
    const std::int64_t left = days != nullptr && days->is_int64() ? days->get_int64() : 0;
    return DesktopNotice{"Token expires soon", fmt::format("The token of “{}” expires in {} {}. {}", name,
                                                           left, left == 1 ? "day" : "days", again)};
  }
  if (event.kind == EventKind::tokens_purged) {
    const boost::json::value* names = event.detail.if_contains("names");
    std::string all;
    if (names != nullptr && names->is_array()) {
      for (const boost::json::value& one : names->get_array())
        all += fmt::format("{}“{}”", all.empty() ? "" : ", ", std::string(one.as_string()));
    }
    return DesktopNotice{
        "Tokens taken away",
        fmt::format("{} must be configured again before the next use: forgelink edit NAME", all)};
  }
  return std::nullopt;
}

void Notifications::on_event(const Event& event) {
  if (!settings_.notifications) return;
  if (const auto notice = notice_of(event)) show(*notice);
}

void Notifications::show(const DesktopNotice& notice) {
  if (!bus_) {
    bus_ = Bus::open(executor_, Bus::Which::session);
    if (!bus_) return;
    bus_->on_lost = [this] { bus_.reset(); };
  }
  sd_bus_message* call = nullptr;
  const char* to = "org.freedesktop.Notifications";
  if (sd_bus_message_new_method_call(bus_->handle(), &call, to, "/org/freedesktop/Notifications", to,
                                     "Notify") < 0)
    return;
  const std::string text = escaped(notice.text);
  // app_name, replaces_id, app_icon, summary, body, actions, hints, expire_timeout (-1: as the server likes)
  sd_bus_message_append(call, "susssasa{sv}i", "Forgelink", 0u, "dialog-password", notice.title.c_str(),
                        text.c_str(), 0, 1, "urgency", "y", notice.urgent ? 2 : 1, -1);
  bus_->call(call, [](sd_bus_message* reply) {
    if (sd_bus_message_is_method_error(reply, nullptr) != 0)
      spdlog::debug("nobody shows notices: {}", sd_bus_message_get_error(reply)->message);
  });
}

}  // namespace forgelink
