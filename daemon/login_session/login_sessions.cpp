// SPDX-License-Identifier: MIT
#include "daemon/login_session/login_sessions.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr const char* logind_name = "org.freedesktop.login1";
constexpr const char* logind_path = "/org/freedesktop/login1";
constexpr RetryTimer::Delays between_connects{.first = 1s, .longest = 1min};

bool failed(sd_bus_message* reply) {
  return reply == nullptr || sd_bus_message_is_method_error(reply, nullptr) != 0;
}

// Reads `State` and `Class` from a reply to Properties.GetAll ("a{sv}").
std::map<std::string, std::string> texts_of(sd_bus_message* reply) {
  std::map<std::string, std::string> texts;
  if (sd_bus_message_enter_container(reply, 'a', "{sv}") < 0) return texts;
  while (sd_bus_message_enter_container(reply, 'e', "sv") > 0) {
    const char *key = nullptr, *contents = nullptr, *value = nullptr;
    char type = 0;
    if (sd_bus_message_read(reply, "s", &key) < 0) break;
    if (sd_bus_message_peek_type(reply, &type, &contents) < 0) break;
    if (contents != nullptr && std::string_view(contents) == "s") {
      if (sd_bus_message_read(reply, "v", "s", &value) < 0) break;
      texts[key] = value;
    } else if (sd_bus_message_skip(reply, "v") < 0) {
      break;
    }
    if (sd_bus_message_exit_container(reply) < 0) break;
  }
  return texts;
}

}  // namespace

bool counts_as_session(std::string_view session_class, std::string_view state) {
  return session_class.starts_with("user") && state != "closing";
}

// One round of questions: complete when all sessions have been asked about.
struct LoginSessions::Look {
  std::set<std::string> counting;
  std::size_t open = 0;
};

LoginSessions::LoginSessions(asio::any_io_executor executor, OnLook on_look)
    : executor_(executor),
      on_look_(std::move(on_look)),
      reconnect_(
          executor, [this] { return connect(); }, between_connects) {}

LoginSessions::~LoginSessions() { stop(); }

void LoginSessions::start() { reconnect_.start_now(); }

void LoginSessions::stop() {
  stopped_ = true;
  bus_.reset();
}

awaitable<bool> LoginSessions::connect() {
  if (stopped_ || bus_) co_return true;
  bus_ = Bus::open(executor_, Bus::Which::system);
  // A machine without a system bus is not asked again and again; one that had it will have it again.
  if (!bus_) co_return !had_bus_;
  had_bus_ = true;
  bus_->on_lost = [this] {
    bus_.reset();
    latest_.reset();
    if (!stopped_) reconnect_.start();
  };
  const auto changed = [this](sd_bus_message*) { look(); };
  const std::string from_logind = std::string("type='signal',sender='") + logind_name + "',";
  for (const char* member : {"SessionNew", "SessionRemoved", "UserNew", "UserRemoved"})
    bus_->match(from_logind + "interface='org.freedesktop.login1.Manager',member='" + member + "'", changed);
  // A session that is `closing` is told of by its property alone.
  bus_->match(from_logind + "interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
              changed);
  bus_->match("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" +
                  std::string(logind_name) + "'",
              changed);
  look();
  co_return true;
}

void LoginSessions::look() {
  if (!bus_) return;
  sd_bus_message* question = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &question, logind_name, logind_path,
                                     "org.freedesktop.login1.Manager", "ListSessions") < 0)
    return;
  const auto current = std::make_shared<Look>();
  latest_ = current;
  bus_->call(question, [this, current](sd_bus_message* reply) {
    if (current != latest_ || failed(reply)) return;
    if (sd_bus_message_enter_container(reply, 'a', "(susso)") < 0) return;
    std::map<std::string, std::string> own;
    const char *id = nullptr, *user = nullptr, *seat = nullptr, *path = nullptr;
    std::uint32_t uid = 0;
    while (sd_bus_message_read(reply, "(susso)", &id, &uid, &user, &seat, &path) > 0) {
      if (uid == getuid()) own[id] = path;
    }
    current->open = own.size();
    if (own.empty()) return on_look_({});
    for (const auto& [session, where] : own) ask_about(session, where, current);
  });
}

void LoginSessions::ask_about(const std::string& id, const std::string& path, std::shared_ptr<Look> look) {
  sd_bus_message* question = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &question, logind_name, path.c_str(),
                                     "org.freedesktop.DBus.Properties", "GetAll") < 0)
    return;
  sd_bus_message_append(question, "s", "org.freedesktop.login1.Session");
  bus_->call(question, [this, id, look](sd_bus_message* reply) {
    if (look != latest_) return;
    if (!failed(reply)) {
      // A session that has gone since the list was made answers with an error, and does not count.
      auto texts = texts_of(reply);
      if (counts_as_session(texts["Class"], texts["State"])) look->counting.insert(id);
    }
    if (--look->open == 0) on_look_(look->counting);
  });
}

}  // namespace forgelink
