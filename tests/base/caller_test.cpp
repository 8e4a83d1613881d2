// SPDX-License-Identifier: MIT
#include "base/caller.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace forgelink {
namespace {

std::vector<Process> chain_of(const std::vector<std::string>& executables) {
  std::vector<Process> chain;
  for (const std::string& one : executables) {
    const bool hidden = one.find('/') == std::string::npos;
    chain.push_back({.name = one, .executable = hidden ? "" : one});
  }
  return chain;
}

TEST(Caller, TheProgramIsTheFirstThatIsNoGitShellOrHelper) {
  const auto chain =
      chain_of({"/usr/bin/git-credential-forgelink", "/usr/lib/git-core/git-remote-https", "/usr/bin/git",
                "/usr/bin/bash", "/usr/share/code/code", "/usr/bin/gnome-shell"});
  EXPECT_EQ(program_in(chain), 4u);
}

TEST(Caller, AProgramThatAsksItselfIsTheProgram) {
  EXPECT_EQ(program_in(chain_of({"/usr/bin/python3.11", "/usr/bin/bash"})), 0u);
}

TEST(Caller, OneThatHidesItsPathIsKnownByItsName) {
  EXPECT_EQ(program_in(chain_of({"git-credential-", "git-remote-http", "git", "bash", "code"})), 4u);
}

TEST(Caller, ShellsAloneLeaveTheOneNearestTheSession) {
  EXPECT_EQ(program_in(chain_of({"/usr/bin/git", "/usr/bin/dash", "/usr/bin/bash"})), 2u);
}

TEST(Caller, RunnersOfOthersAreNoPrograms) {
  for (const char* name : {"env", "timeout", "sudo", "xargs", "nohup"})
    EXPECT_TRUE(only_runs_others(name)) << name;
}

TEST(Caller, AnEditorIsAProgram) {
  for (const char* name : {"code", "vim", "idea", "gh", "python3.11", "gitg"})
    EXPECT_FALSE(only_runs_others(name)) << name;
}

TEST(Caller, PeopleKnowSomeProgramsByAnotherName) {
  EXPECT_EQ(program_name("/usr/share/code/code"), "Visual Studio Code");
  EXPECT_EQ(program_name("/opt/x/some-tool"), "some-tool");
  EXPECT_EQ(program_name("claude"), "claude");
}

class SocketPair : public testing::Test {
 protected:
  SocketPair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0); }
  ~SocketPair() override {
    close(ends[0]);
    close(ends[1]);
  }
  int ends[2] = {-1, -1};
};

TEST_F(SocketPair, TheOneAtTheOtherEndIsFoundWithItsPathAndFolder) {
  const Caller caller = caller_of(ends[0], ticks_now());
  char folder[4096];
  ASSERT_NE(getcwd(folder, sizeof folder), nullptr);
  EXPECT_EQ(caller.pid, getpid());
  EXPECT_TRUE(caller.executable.ends_with("/base_test")) << caller.executable;
  EXPECT_EQ(caller.directory, folder);
}

TEST_F(SocketPair, OneThatHasEndedLeavesItsNumberAlone) {
  int mine[2];
  const pid_t child = fork();
  if (child == 0) {
    // Whoever makes a pair is its peer.
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, mine) != 0) _exit(1);
    char control[CMSG_SPACE(sizeof(int))] = {};
    char byte = 'x';
    iovec part{.iov_base = &byte, .iov_len = 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    *reinterpret_cast<int*>(CMSG_DATA(head)) = mine[0];
    _exit(sendmsg(ends[1], &message, 0) == 1 ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  char control[CMSG_SPACE(sizeof(int))] = {};
  char byte = 0;
  iovec part{.iov_base = &byte, .iov_len = 1};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ASSERT_EQ(recvmsg(ends[0], &message, 0), 1);
  const int passed = *reinterpret_cast<int*>(CMSG_DATA(CMSG_FIRSTHDR(&message)));
  const Caller caller = caller_of(passed, ticks_now());
  close(passed);
  EXPECT_EQ(caller.pid, child);
  EXPECT_EQ(caller.program, "");
  EXPECT_TRUE(caller.chain.empty());
}

}  // namespace
}  // namespace forgelink
