// SPDX-License-Identifier: MIT
// Asks the user whether a program may use a connection, and keeps the grants.
//
// A question is an event (`access.asked`) that any client may answer; who waits for it is told as well. The
// same question asked again while it is open is the same question. Answers for longer are grants, by
// connection and executable: those for the session end with it or with the daemon, the others stand in the
// registry. On the loop; what is given must outlive it. Call `stop` before the loop ends.
#pragma once

#include <list>
#include <memory>
#include <vector>

#include "base/async.hpp"
#include "daemon/access/access_request.hpp"
#include "daemon/access/grant.hpp"
#include "daemon/events/events.hpp"
#include "storage/registry.hpp"

namespace forgelink {

class Consent {
 public:
  static constexpr std::chrono::seconds patience{60};
  static constexpr std::size_t most_questions = 64;

  struct Question {
    std::string id;
    AccessRequest about;
    Time expires_at{};
    std::optional<Decision> decision = {};
    Signal answered = {};
  };
  using Questions = std::list<std::shared_ptr<Question>>;

  Consent(Registry& registry, EventHub& events, const Clock& clock, Milliseconds limit = patience)
      : registry_(registry), events_(events), clock_(clock), limit_(limit) {}

  // Returns once somebody said yes, at once where there is a grant. `access_denied` after a no or no answer
  // in time, `too_busy` while too many questions are open.
  awaitable<Result<>> ask(AccessRequest about);

  // `not_found` if there is no such question open. A grant answers all questions it covers.
  Result<> answer(std::string_view question, Decision decision);

  const Questions& questions() const { return questions_; }
  // `access.asked` of it.
  Event event_of(const Question& question) const;

  std::vector<Grant> grants() const;
  Result<> revoke(std::string_view grant);  // not_found, database_failed

  // The login session has ended.
  void end_session() { session_grants_.clear(); }
  void on_event(const Event& event);

 private:
  bool is_granted(const AccessRequest& about) const;
  std::shared_ptr<Question> open_question(AccessRequest about);
  Result<> grant(const AccessRequest& about, Decision decision);
  // Takes them out together, before anybody is told: who shows questions must not show one of them.
  void close(const Questions& settled, std::optional<Decision> decision);

  Registry& registry_;
  EventHub& events_;
  const Clock& clock_;
  Milliseconds limit_;
  Questions questions_;
  std::vector<AccessGrant> session_grants_;
};

// What a question says to the person, as one sentence, and how it is answered.
std::string question_in_words(const Consent::Question& question, std::string_view connection_name);

}  // namespace forgelink
