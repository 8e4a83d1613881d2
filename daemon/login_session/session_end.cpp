// SPDX-License-Identifier: MIT
#include "daemon/login_session/session_end.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "daemon/login_session/session_stamp.hpp"

namespace forgelink {
namespace {

constexpr const char* logind = "org.freedesktop.login1";
constexpr const char* manager_path = "/org/freedesktop/login1";
constexpr const char* manager = "org.freedesktop.login1.Manager";

std::string signal_rule(const char* member) {
  return std::string("type='signal',sender='") + logind + "',interface='" + manager + "',member='" + member +
         "'";
}

}  // namespace

awaitable<> SessionEnd::check_stamp() {
  const SessionStamp now = SessionStamp::now();
  const auto text = registry_.metadata("session");
  const auto before = text ? SessionStamp::parse(*text) : std::nullopt;
  if (before && is_new_session(*before, now)) co_await purge("the session has ended");
  if (Result<> written = registry_.set_metadata("session", now.text()); !written)
    spdlog::error("{}", written.error().message);
}

awaitable<> SessionEnd::purge(std::string why) {
  if (on_end) on_end();
  std::vector<ConnectionId> ids;
  registry_.for_each([&](const Connection& connection) {
    if (connection.retention == Retention::session) ids.push_back(connection.id);
  });
  Tokens::Purged purged = co_await tokens_.purge(std::move(ids), why, Tokens::IfUnwritable::purge);
  if (!purged.ids.empty()) spdlog::info("tokens of the session taken away: {} ({})", purged.ids.size(), why);
}

void SessionEnd::watch_logind() {
  bus_ = Bus::open(executor_, Bus::Which::system);
  if (!bus_) return;
  bus_->match(signal_rule("SessionNew"), [this](sd_bus_message*) { list_own_sessions(); });
  bus_->match(signal_rule("SessionRemoved"), [this](sd_bus_message* message) {
    const char *id = nullptr, *path = nullptr;
    if (sd_bus_message_read(message, "so", &id, &path) >= 0) on_session_removed(id);
  });
  bus_->match(signal_rule("UserRemoved"), [this](sd_bus_message* message) {
    std::uint32_t uid = 0;
    const char* path = nullptr;
    if (sd_bus_message_read(message, "uo", &uid, &path) >= 0 && uid == getuid())
      spawn(executor_, purge("the user has logged out"));
  });
  list_own_sessions();
}

void SessionEnd::list_own_sessions() {
  sd_bus_message* question = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &question, logind, manager_path, manager,
                                     "ListSessions") < 0)
    return;
  bus_->call(question, [this](sd_bus_message* reply) {
    if (sd_bus_message_is_method_error(reply, nullptr) != 0) return;
    if (sd_bus_message_enter_container(reply, 'a', "(susso)") < 0) return;
    std::set<std::string> own;
    const char *id = nullptr, *user = nullptr, *seat = nullptr, *path = nullptr;
    std::uint32_t uid = 0;
    while (sd_bus_message_read(reply, "(susso)", &id, &uid, &user, &seat, &path) > 0) {
      if (uid == getuid()) own.insert(id);
    }
    own_sessions_ = std::move(own);
  });
}

void SessionEnd::on_session_removed(const std::string& id) {
  // Another of the same user's sessions keeps the tokens.
  if (own_sessions_.erase(id) == 0 || !own_sessions_.empty()) return;
  spawn(executor_, purge("the last login session has ended"));
}

}  // namespace forgelink
