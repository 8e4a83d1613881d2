// SPDX-License-Identifier: MIT
// Who asks: the process at the other end of a Unix socket, and the program that a person would name for it.
//
// A credential helper is run by git, git by a shell, the shell by an editor: the program is the first of
// these that is no git, shell or helper. What is read is /proc, so it tells a person what happened and is no
// wall: a program of the same user can imitate another. Plain values; any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace forgelink {

struct Process {
  pid_t pid = 0, parent = 0;
  std::uint64_t started = 0;  // clock ticks since boot, as in /proc/PID/stat
  std::string name;           // comm, at most 15 characters
  std::string executable;     // "" if it may not be read: another user's, or one that hides itself
};

struct Caller {
  pid_t pid = 0;               // of the program
  std::string program;         // "Visual Studio Code"
  std::string executable;      // of the program; its bare name if the path may not be read
  std::string directory;       // the working directory of the process that asks; "" if unknown
  std::vector<Process> chain;  // the process that asks first, then its ancestors up to the program
};

// Clock ticks since boot, to compare with Process::started.
std::uint64_t ticks_now();

// The process that connected `socket`, a connected Unix socket that was accepted at `accepted` ticks. Uses
// the peer's pidfd (SO_PEERPIDFD, Linux 6.5) to be sure that its pid was not given to another meanwhile, else
// the time when the process was started. A process that has gone leaves a Caller with nothing but its pid.
Caller caller_of(int socket, std::uint64_t accepted);

// The place in `chain` of the program that a person would name. REQUIRES: chain is not empty.
std::size_t program_in(const std::vector<Process>& chain);

// True for git, its parts, shells, and programs that only run others: what is no program of its own here.
bool only_runs_others(std::string_view file_name);

// The name people know an executable by; its file name if it has no other.
std::string program_name(std::string_view executable);

}  // namespace forgelink
