// SPDX-License-Identifier: MIT
#include "daemon/login_session/session_stamp.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

SessionStamp stamp(std::string boot, std::string session, std::string folder) {
  return {.boot = std::move(boot), .session = std::move(session), .runtime_folder = std::move(folder)};
}

TEST(SessionStamp, ANewBootOrANewFolderOfAnotherSessionIsANewSession) {
  const SessionStamp before = stamp("b", "1", "f");
  EXPECT_FALSE(is_new_session(before, before));
  EXPECT_TRUE(is_new_session(before, stamp("c", "1", "f")));
  EXPECT_FALSE(is_new_session(before, stamp("b", "2", "f")));  // a second login while the first lasts
  EXPECT_TRUE(is_new_session(before, stamp("b", "2", "g")));
  EXPECT_FALSE(is_new_session(before, stamp("b", "1", "g")));
  EXPECT_TRUE(
      is_new_session(stamp("b", "", "f"), stamp("b", "", "g")));  // a user service knows no session id
}

TEST(SessionStamp, IsWrittenAndReadBack) {
  const SessionStamp now = SessionStamp::now();
  EXPECT_FALSE(now.boot.empty());
  const auto back = SessionStamp::parse(now.text());
  ASSERT_TRUE(back);
  EXPECT_FALSE(is_new_session(*back, now));
  EXPECT_FALSE(SessionStamp::parse("nonsense"));
}

}  // namespace
}  // namespace forgelink
