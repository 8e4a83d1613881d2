// SPDX-License-Identifier: MIT
#include "daemon/process/process.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// Of clang's coverage (./dev coverage), where that is built in: what a child ran counts as well.
extern "C" __attribute__((weak)) int __llvm_profile_write_file();

namespace forgelink {
namespace {

// In a process of its own, since nothing of it can be undone.
int in_a_child(int (*check)()) {
  const pid_t child = fork();
  if (child == 0) {
    harden_process();
    const int answer = check();
    if (__llvm_profile_write_file != nullptr) __llvm_profile_write_file();
    _exit(answer);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Process, CannotBeDumpedOrTraced) {
  EXPECT_EQ(in_a_child([] { return prctl(PR_GET_DUMPABLE); }), 0);
}

TEST(Process, WritesNoCoreFile) {
  EXPECT_EQ(in_a_child([] {
              rlimit core{};
              return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 ? 0 : 1;
            }),
            0);
}

TEST(Process, MakesFilesForNobodyElse) {
  EXPECT_EQ(in_a_child([] { return umask(0) == 0077 ? 0 : 1; }), 0);
}

TEST(Process, MayOpenAsManyFilesAsTheSystemAllows) {
  EXPECT_EQ(in_a_child([] {
              rlimit files{};
              return getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur == files.rlim_max ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace forgelink
