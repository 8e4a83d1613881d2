// SPDX-License-Identifier: MIT
#include "daemon/process/socket_folder.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <fstream>

#include "tests/support/private_home.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

class SocketFolderTest : public testing::Test {
 protected:
  PrivateHome home_;
};

TEST_F(SocketFolderTest, IsInTheRuntimeFolderAndForTheUserAlone) {
  const Result<fs::path> folder = socket_folder();
  ASSERT_THAT(folder, Succeeds());
  EXPECT_EQ(*folder, home_.folder() / "run" / "forgelink");
  EXPECT_EQ(fs::status(*folder).permissions(), fs::perms::owner_all);
}

TEST_F(SocketFolderTest, BecomesPrivateWhereItWasThereBefore) {
  fs::create_directories(home_.folder() / "run" / "forgelink");
  fs::permissions(home_.folder() / "run" / "forgelink", fs::perms::all);
  ASSERT_THAT(socket_folder(), Succeeds());
  EXPECT_EQ(fs::status(home_.folder() / "run" / "forgelink").permissions(), fs::perms::owner_all);
}

TEST_F(SocketFolderTest, ThatCannotBeMadeIsAnError) {
  std::ofstream(home_.folder() / "file") << "in the way";
  home_.set("XDG_RUNTIME_DIR", (home_.folder() / "file").string());
  EXPECT_THAT(socket_folder(), FailsWith(Errc::internal));
}

TEST_F(SocketFolderTest, ASweepRemovesSocketsOfThatPrefixOnWhichNobodyListens) {
  using boost::asio::local::stream_protocol;
  const fs::path folder = *socket_folder();
  boost::asio::io_context loop;
  const stream_protocol::acceptor alive(loop, (folder / "lend-alive").string());
  { const stream_protocol::acceptor dead(loop, (folder / "lend-dead").string()); }
  { const stream_protocol::acceptor other(loop, (folder / "front-dead").string()); }
  std::ofstream(folder / "lend-file") << "no socket";
  sweep_sockets(folder, "lend-");
  EXPECT_TRUE(fs::exists(folder / "lend-alive"));
  EXPECT_FALSE(fs::exists(folder / "lend-dead"));
  EXPECT_TRUE(fs::exists(folder / "front-dead"));
  EXPECT_TRUE(fs::exists(folder / "lend-file"));
}

}  // namespace
}  // namespace forgelink
