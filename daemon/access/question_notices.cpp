// SPDX-License-Identifier: MIT
#include "daemon/access/question_notices.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace forgelink {
namespace {

constexpr const char* notices_name = "org.freedesktop.Notifications";
constexpr const char* notices_path = "/org/freedesktop/Notifications";

// The body is markup where the server says so; a path is not.
std::string without_markup(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string body_of(const Consent::Question& question) {
  const AccessRequest& about = question.about;
  std::string body;
  const auto line = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) body += fmt::format("{}{}: {}", body.empty() ? "" : "\n", label, value);
  };
  if (about.asker.caller) line("Program", about.asker.caller->executable);
  line("For", about.path.empty() ? about.host : about.host + "/" + about.path);
  if (about.asker.caller)
    line("In", about.directory.empty() ? about.asker.caller->directory : about.directory);
  return without_markup(body);
}

}  // namespace

void QuestionNotices::on_event(const Event& event) {
  if (event.kind == EventKind::access_answered) {
    withdraw(std::string(event.detail.at("request").as_string()));
    show_some();
  }
  if (event.kind == EventKind::access_asked) show_some();
}

void QuestionNotices::show_some() {
  if (!settings_.notifications) return;
  for (const auto& question : consent_.questions()) {
    if (shown_.size() >= most_shown) return;
    if (!shown_.contains(question->id)) show(*question);
  }
}

bool QuestionNotices::open_bus() {
  if (bus_) return true;
  bus_ = Bus::open(executor_, Bus::Which::session);
  if (!bus_) return false;
  bus_->on_lost = [this] {
    bus_.reset();
    shown_.clear();
  };
  // From that server alone: any program on the session bus may send such a signal, and would answer for the
  // person.
  bus_->match(std::string("type='signal',sender='") + notices_name + "',interface='" + notices_name +
                  "',member='ActionInvoked'",
              [this](sd_bus_message* message) {
                std::uint32_t notice = 0;
                const char* action = nullptr;
                if (sd_bus_message_read(message, "us", &notice, &action) < 0) return;
                const auto decision = decision_of(action);
                for (const auto& [question, shown] : shown_) {
                  if (shown != notice || notice == 0 || !decision) continue;
                  // answer() withdraws the notice and changes `shown_`: a copy, and no further step in the
                  // loop.
                  const std::string answered = question;
                  if (Result<> done = consent_.answer(answered, *decision); !done)
                    spdlog::warn("a question could not be answered: {}", done.error().message);
                  return;
                }
              });
  return true;
}

void QuestionNotices::show(const Consent::Question& question) {
  if (!open_bus()) return;
  sd_bus_message* call = nullptr;
  if (sd_bus_message_new_method_call(bus_->handle(), &call, notices_name, notices_path, notices_name,
                                     "Notify") < 0)
    return;
  const Connection* connection = registry_.find(question.about.connection);
  const Caller* caller = question.about.asker.caller.get();
  const std::string title = fmt::format(
      "{} wants to use “{}”", caller != nullptr && !caller->program.empty() ? caller->program : "A program",
      connection != nullptr ? connection->name : "");
  const std::string body = body_of(question);
  // app_name, replaces_id, app_icon, summary, body, actions, hints, expire_timeout in ms
  sd_bus_message_append(call, "susssasa{sv}i", "Forgelink", 0u, "dialog-password", title.c_str(),
                        body.c_str(), 8, "once", "Allow once", "session", "Allow for this session", "always",
                        "Always allow", "deny", "Deny", 1, "urgency", "y", 2,
                        static_cast<int>(Consent::patience.count()) * 1000);
  // Before the server has given its number, so that the next event does not show it a second time.
  shown_.emplace(question.id, 0);
  bus_->call(call, [this, id = question.id](sd_bus_message* reply) {
    const auto shown = shown_.find(id);
    std::uint32_t notice = 0;
    if (shown == shown_.end()) return;
    if (sd_bus_message_is_method_error(reply, nullptr) != 0 || sd_bus_message_read(reply, "u", &notice) < 0) {
      spdlog::debug("nobody shows notices with questions");
      return;
    }
    shown->second = notice;
  });
}

void QuestionNotices::withdraw(const std::string& question) {
  const auto shown = shown_.find(question);
  if (shown == shown_.end()) return;
  const std::uint32_t notice = shown->second;
  shown_.erase(shown);
  sd_bus_message* call = nullptr;
  if (notice == 0 || !bus_ ||
      sd_bus_message_new_method_call(bus_->handle(), &call, notices_name, notices_path, notices_name,
                                     "CloseNotification") < 0)
    return;
  sd_bus_message_append(call, "u", notice);
  bus_->call(call, [](sd_bus_message*) {});
}

}  // namespace forgelink
