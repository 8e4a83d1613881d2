// SPDX-License-Identifier: MIT
#include "daemon/access/consent.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace forgelink {
namespace {

const Caller& caller_in(const AccessRequest& about) {
  static const Caller nobody;
  return about.asker.caller ? *about.asker.caller : nobody;
}

std::string shown_program(const AccessRequest& about) {
  const Caller& caller = caller_in(about);
  if (caller.program.empty()) return "A program that has ended already";
  if (caller.executable.empty() || caller.executable == caller.program)
    return fmt::format("“{}”", caller.program);
  return fmt::format("“{}” ({})", caller.program, caller.executable);
}

bool same_question(const AccessRequest& a, const AccessRequest& b) {
  return a.connection == b.connection && a.action == b.action &&
         caller_in(a).executable == caller_in(b).executable && a.directory == b.directory &&
         a.host == b.host && a.path == b.path;
}

std::string purpose_of(const AccessRequest& about) {
  switch (about.action) {
    case AccessAction::git:
      return "for git";
    case AccessAction::repositories:
      return "to list repositories";
    case AccessAction::commits:
      return "to list commits";
    case AccessAction::verify:
      return "to verify its token";
    case AccessAction::api:
      return "to ask the API";
    case AccessAction::run:
      return "for a command that it runs";
    case AccessAction::lend:
      return "to lend it";
  }
  return "";
}

boost::json::value nullable(const std::string& text) {
  return text.empty() ? boost::json::value() : boost::json::value(text);
}

}  // namespace

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::once:
      return "once";
    case Decision::session:
      return "session";
    case Decision::always:
      return "always";
    case Decision::deny:
      return "deny";
  }
  return "deny";
}

std::optional<Decision> decision_of(std::string_view name) {
  for (const Decision one : {Decision::once, Decision::session, Decision::always, Decision::deny}) {
    if (name_of(one) == name) return one;
  }
  return std::nullopt;
}

std::string question_in_words(const Consent::Question& question, std::string_view connection_name) {
  const AccessRequest& about = question.about;
  std::string place = about.host;
  if (!about.path.empty()) place += (about.path.starts_with('/') ? "" : "/") + about.path;
  return fmt::format("{} wants to use “{}” {}{}. To answer: forgelink approve {}", shown_program(about),
                     connection_name, purpose_of(about), place.empty() ? "" : " (" + place + ")",
                     question.id);
}

awaitable<Result<>> Consent::ask(AccessRequest about) {
  if (is_granted(about)) co_return Result<>();
  const auto same = std::find_if(questions_.begin(), questions_.end(),
                                 [&](const auto& open) { return same_question(open->about, about); });
  if (same == questions_.end() && questions_.size() >= most_questions) {
    co_return Error{.code = Errc::too_busy,
                    .message = "Too many questions about access wait for an answer.",
                    .hint = "Answer them: forgelink approve"};
  }
  const ConnectionId connection = about.connection;
  const std::weak_ptr<ipc::Peer> peer = about.asker.peer;
  std::shared_ptr<Question> question = same != questions_.end() ? *same : open_question(std::move(about));
  const Connection* asked = registry_.find(connection);
  // Kept for the answer: the connection may be gone by the end of the wait.
  const std::string name = asked != nullptr ? asked->name : "";
  if (const auto there = peer.lock()) events_.tell(there, event_of(*question));
  const auto until = std::chrono::steady_clock::now() + limit_;
  while (!question->decision) {
    const auto left = std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    co_await question->answered.wait(left);
  }
  if (question->decision && *question->decision != Decision::deny) co_return Result<>();
  const bool nobody_answered = !question->decision;
  // Several may wait for one question: the first whose time is over closes it for all.
  const bool open = std::find(questions_.begin(), questions_.end(), question) != questions_.end();
  if (nobody_answered && open) close({question}, std::nullopt);
  co_return Error{.code = Errc::access_denied,
                  .message = nobody_answered
                                 ? fmt::format("Nobody allowed the use of “{}” within {} s.", name,
                                               std::chrono::ceil<std::chrono::seconds>(limit_).count())
                                 : fmt::format("The use of “{}” was denied.", name),
                  .hint = nobody_answered ? "Ask again, and answer with: forgelink approve" : ""};
}

std::shared_ptr<Consent::Question> Consent::open_question(AccessRequest about) {
  const std::string uuid = to_text(make_uuid());
  auto question = std::make_shared<Question>();
  // The end of it is random; it begins with the time.
  question->id = uuid.substr(uuid.size() - 6);  // short enough to type
  question->about = std::move(about);
  question->expires_at = clock_.now() + std::chrono::ceil<std::chrono::seconds>(limit_);
  questions_.push_back(question);
  events_.publish(event_of(*question));
  return question;
}

Event Consent::event_of(const Question& question) const {
  const Connection* connection = registry_.find(question.about.connection);
  const Caller& caller = caller_in(question.about);
  const std::string& directory =
      question.about.directory.empty() ? caller.directory : question.about.directory;
  return {
      .kind = EventKind::access_asked,
      .connection = connection,
      .detail = {{"request", question.id},
                 {"connection", question.about.connection.text()},
                 {"action", name_of(question.about.action)},
                 {"program", nullable(caller.program)},
                 {"executable", nullable(caller.executable)},
                 {"pid", caller.pid},
                 {"directory", nullable(directory)},
                 {"host", nullable(question.about.host)},
                 {"path", nullable(question.about.path)},
                 {"expires_at", rfc3339(question.expires_at)},
                 {"message", question_in_words(question, connection != nullptr ? connection->name : "")}}};
}

void Consent::close(const Questions& settled, std::optional<Decision> decision) {
  for (const auto& question : settled) {
    questions_.remove(question);
    question->decision = decision;
  }
  for (const auto& question : settled) {
    events_.publish({.kind = EventKind::access_answered,
                     .connection = registry_.find(question->about.connection),
                     .detail = {{"request", question->id},
                                {"connection", question->about.connection.text()},
                                {"decision", decision ? name_of(*decision) : "expired"}}});
    question->answered.notify();
  }
}

Result<> Consent::answer(std::string_view id, Decision decision) {
  const auto found =
      std::find_if(questions_.begin(), questions_.end(), [&](const auto& open) { return open->id == id; });
  if (found == questions_.end())
    return Error{.code = Errc::not_found,
                 .message = fmt::format("There is no question “{}”; it may have been answered already.", id),
                 .field = "request"};
  Questions settled = {*found};
  if (decision == Decision::session || decision == Decision::always) {
    if (Result<> granted = grant(settled.front()->about, decision); !granted) return granted;
    for (const auto& other : questions_) {
      if (other != settled.front() && is_granted(other->about)) settled.push_back(other);
    }
  }
  close(settled, decision);
  return {};
}

Result<> Consent::grant(const AccessRequest& about, Decision decision) {
  const Caller& caller = caller_in(about);
  // A program that nobody can name is allowed this once.
  if (caller.executable.empty()) return {};
  AccessGrant fresh{.id = to_text(make_uuid()),
                    .connection = about.connection,
                    .executable = caller.executable,
                    .program = caller.program,
                    .created_at = clock_.now()};
  const auto same = [&](const AccessGrant& one) {
    return one.connection == fresh.connection && one.executable == fresh.executable;
  };
  if (decision == Decision::always) {
    if (Result<> written = registry_.keep_access_grant(fresh); !written) return written;
    std::erase_if(session_grants_, same);
    // A grant that stands in the registry is worth more than one for the session.
  } else if (!is_granted(about)) {
    session_grants_.push_back(std::move(fresh));
  }
  return {};
}

bool Consent::is_granted(const AccessRequest& about) const {
  const std::string& executable = caller_in(about).executable;
  if (executable.empty()) return false;
  const auto covers = [&](const AccessGrant& one) {
    // By the program's file alone: it may run as another process each time.
    return one.connection == about.connection && one.executable == executable;
  };
  const std::vector<AccessGrant>& kept = registry_.access_grants();
  return std::any_of(session_grants_.begin(), session_grants_.end(), covers) ||
         std::any_of(kept.begin(), kept.end(), covers);
}

std::vector<Grant> Consent::grants() const {
  std::vector<Grant> all;
  for (const AccessGrant& one : registry_.access_grants()) all.push_back({one, Decision::always});
  for (const AccessGrant& one : session_grants_) all.push_back({one, Decision::session});
  std::sort(all.begin(), all.end(), [](const Grant& a, const Grant& b) {
    return std::tie(a.what.created_at, a.what.id) < std::tie(b.what.created_at, b.what.id);
  });
  return all;
}

Result<> Consent::revoke(std::string_view id) {
  if (std::erase_if(session_grants_, [&](const AccessGrant& one) { return one.id == id; }) > 0) return {};
  const std::vector<AccessGrant>& kept = registry_.access_grants();
  if (std::none_of(kept.begin(), kept.end(), [&](const AccessGrant& one) { return one.id == id; }))
    return Error{.code = Errc::not_found,
                 .message = fmt::format("There is no grant “{}”.", id),
                 .field = "grant",
                 .hint = "See them with: forgelink access"};
  return registry_.forget_access_grant(std::string(id));
}

void Consent::on_event(const Event& event) {
  if (event.kind != EventKind::connection_removed || event.connection == nullptr) return;
  const ConnectionId gone = event.connection->id;
  std::erase_if(session_grants_, [&](const AccessGrant& one) { return one.connection == gone; });
  Questions settled;
  for (const auto& question : questions_) {
    if (question->about.connection == gone) settled.push_back(question);
  }
  close(settled, Decision::deny);
}

}  // namespace forgelink
