// SPDX-License-Identifier: MIT
#include "daemon/access/screen_lock.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

namespace forgelink {
namespace {

constexpr const char* login_name = "org.freedesktop.login1";
constexpr const char* login_path = "/org/freedesktop/login1";
constexpr const char* login_manager = "org.freedesktop.login1.Manager";

}  // namespace

void ScreenLock::settings_changed() {
  if (!settings_.lock_with_screen) {
    bus_.reset();
    own_sessions_.clear();
    return;
  }
  if (bus_) return;
  bus_ = Bus::open(executor_, Bus::Which::system);
  if (!bus_) {
    spdlog::warn("lock_with_screen has no effect: there is no system bus");
    return;
  }
  bus_->on_lost = [this] { bus_.reset(); };
  listen_to("Lock", true);
  listen_to("Unlock", false);
  bus_->match(std::string("type='signal',sender='") + login_name + "',interface='" + login_manager +
                  "',member='SessionNew'",
              [this](sd_bus_message*) { list_own_sessions(); });
  list_own_sessions();
}

void ScreenLock::listen_to(const char* member, bool locks) {
  bus_->match(std::string("type='signal',sender='") + login_name +
                  "',interface='org.freedesktop.login1.Session',member='" + member + "'",
              [this, locks](sd_bus_message* message) {
                const char* path = sd_bus_message_get_path(message);
                if (path != nullptr) on_signal(path, locks);
              });
}

void ScreenLock::list_own_sessions() {
  sd_bus_message* question = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &question, login_name, login_path, login_manager,
                                     "ListSessions") < 0)
    return;
  bus_->call(question, [this](sd_bus_message* reply) {
    if (sd_bus_message_is_method_error(reply, nullptr) != 0) return;
    if (sd_bus_message_enter_container(reply, 'a', "(susso)") < 0) return;
    const char *id = nullptr, *user = nullptr, *seat = nullptr, *path = nullptr;
    std::uint32_t uid = 0;
    own_sessions_.clear();
    while (sd_bus_message_read(reply, "(susso)", &id, &uid, &user, &seat, &path) > 0) {
      if (uid == getuid()) own_sessions_.insert(path);
    }
  });
}

void ScreenLock::on_signal(const std::string& session, bool locks) {
  // The system bus tells of every user's sessions.
  if (!own_sessions_.contains(session)) return;
  Result<> done = locks ? lock_.lock(TokenLock::By::screen) : lock_.unlock(TokenLock::By::screen);
  if (!done) spdlog::error("{}", done.error().message);
}

}  // namespace forgelink
