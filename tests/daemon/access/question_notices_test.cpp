// SPDX-License-Identifier: MIT
#include "daemon/access/question_notices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"
#include "tests/fakes/fake_notices.hpp"
#include "tests/support/private_bus.hpp"

namespace forgelink {
namespace {

using testing::HasSubstr;

class QuestionNoticesTest : public testing::Test, public DaemonFixture {
 protected:
  void SetUp() override {
    if (!PrivateBus::possible()) GTEST_SKIP() << "dbus-daemon is not installed";
    bus_ = std::make_unique<PrivateBus>();
    desktop_ = std::make_unique<FakeNotices>(loop.executor());
    notices_ = std::make_unique<QuestionNotices>(loop.executor(), consent_, *registry, settings);
    events.listen([this](const Event& event) { notices_->on_event(event); });
    ASSERT_THAT(registry->insert(work_), Succeeds());
  }

  void ask(const std::string& path) {
    const auto wait = [](Consent& consent, AccessRequest about, std::vector<bool>& into) -> awaitable<> {
      Result<> answered = co_await consent.ask(std::move(about));
      into.push_back(answered.has_value());
    };
    const Caller caller{.pid = 1, .program = "Editor", .executable = "/opt/<b>/editor", .directory = "/srv"};
    spawn(loop.executor(), wait(consent_,
                                {.connection = work_.id,
                                 .asker = {.caller = std::make_shared<const Caller>(caller)},
                                 .host = "github.com",
                                 .path = path},
                                answers_));
  }
  template <class Done>
  bool until(Done done, std::chrono::steady_clock::duration limit = std::chrono::seconds(5)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    loop.context().restart();
    while (!done() && std::chrono::steady_clock::now() < end) {
      if (loop.context().run_one_for(Milliseconds(5)) == 0) loop.context().restart();
    }
    return done();
  }
  bool shown(std::size_t count) {
    return until([&] { return desktop_->shown.size() >= count; });
  }
  // Presses a button until it is noticed: the answer with the notice's number may be on its way.
  bool press(std::uint32_t notice, const char* action, std::size_t answers) {
    return until([&] {
      if (answers_.size() < answers) desktop_->press(notice, action);
      loop.context().run_for(Milliseconds(2));
      return answers_.size() >= answers;
    });
  }

  const Connection work_ = [] {
    Connection c{.id = ConnectionId::make(), .name = "Work", .type = "github"};
    c.access = Access::ask;
    return c;
  }();
  std::unique_ptr<PrivateBus> bus_;
  std::unique_ptr<FakeNotices> desktop_;
  Consent consent_{*registry, events, clock};
  std::unique_ptr<QuestionNotices> notices_;
  std::vector<bool> answers_;
};

TEST_F(QuestionNoticesTest, AQuestionIsShownWithItsAnswersAsButtons) {
  ask("o/r");
  ASSERT_TRUE(shown(1));
  const FakeNotices::Notice& notice = desktop_->shown[0];
  EXPECT_EQ(notice.title, "Editor wants to use “Work”");
  EXPECT_THAT(notice.body, testing::AllOf(HasSubstr("github.com/o/r"), HasSubstr("/srv")));
  EXPECT_THAT(notice.actions, testing::ElementsAre("once", "Allow once", "session", "Allow for this session",
                                                   "always", "Always allow", "deny", "Deny"));
}

TEST_F(QuestionNoticesTest, APathIsNoMarkup) {
  ask("o/r");
  ASSERT_TRUE(shown(1));
  EXPECT_THAT(desktop_->shown[0].body, HasSubstr("/opt/&lt;b&gt;/editor"));
}

TEST_F(QuestionNoticesTest, AButtonAnswersAndTheNoticeGoes) {
  ask("o/r");
  ASSERT_TRUE(shown(1));
  ASSERT_TRUE(press(1, "once", 1));
  EXPECT_TRUE(answers_[0]);
  EXPECT_TRUE(until([this] { return desktop_->closed == std::vector<std::uint32_t>{1}; }));
}

TEST_F(QuestionNoticesTest, DenyIsANo) {
  ask("o/r");
  ASSERT_TRUE(shown(1));
  ASSERT_TRUE(press(1, "deny", 1));
  EXPECT_FALSE(answers_[0]);
}

TEST_F(QuestionNoticesTest, AButtonOfANoticeThatIsNotOursAnswersNothing) {
  ask("o/r");
  ASSERT_TRUE(shown(1));
  loop.context().run_for(Milliseconds(5));
  desktop_->press(99, "always");
  desktop_->press(1, "default");
  EXPECT_FALSE(until([this] { return !answers_.empty(); }, Milliseconds(30)));
}

TEST_F(QuestionNoticesTest, AnAnswerFromElsewhereTakesTheNoticeAway) {
  ask("o/r");
  ASSERT_TRUE(shown(1));
  loop.context().run_for(Milliseconds(5));
  ASSERT_THAT(consent_.answer(consent_.questions().front()->id, Decision::once), Succeeds());
  EXPECT_TRUE(until([this] { return !desktop_->closed.empty(); }));
}

TEST_F(QuestionNoticesTest, AFloodOfQuestionsIsNoFloodOfNotices) {
  for (int i = 0; i < 10; ++i) ask("o/" + std::to_string(i));
  ASSERT_TRUE(shown(QuestionNotices::most_shown));
  loop.context().run_for(Milliseconds(10));
  EXPECT_EQ(desktop_->shown.size(), QuestionNotices::most_shown);
  ASSERT_THAT(consent_.answer(consent_.questions().front()->id, Decision::deny), Succeeds());
  EXPECT_TRUE(shown(QuestionNotices::most_shown + 1)) << "the next one follows";
}

TEST_F(QuestionNoticesTest, WhereNoticesAreOffNothingIsShown) {
  settings.notifications = false;
  ask("o/r");
  EXPECT_FALSE(until([this] { return !desktop_->shown.empty(); }, Milliseconds(30)));
}

}  // namespace
}  // namespace forgelink
