// SPDX-License-Identifier: MIT
// The findings of doctor: one sentence for each check, and the command that fixes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/cli/context.hpp"
#include "ipc/protocol/connection_view.hpp"
#include "ipc/protocol/daemon_status.hpp"

namespace forgelink::cli::doctor {

struct Finding {
  enum class State { good, note, bad };
  std::string about;
  State state;
  std::string sentence;
  std::string mend;                  // a line for the shell, as it can be typed; "" where none helps
  bool safe = false;                 // --fix may run it: it takes nothing away that is not ours
  std::vector<std::string> lines{};  // to be added by hand, where no command can
};

class Findings {
 public:
  void good(std::string about, std::string sentence);
  void note(std::string about, std::string sentence, std::string mend = {});
  void bad(std::string about, std::string sentence, std::string mend = {});
  // One that --fix can fix.
  void mendable(std::string about, std::string sentence, std::string mend);
  // One that no program can mend.
  void by_hand(std::string about, std::string sentence, std::vector<std::string> lines);

  const std::vector<Finding>& all() const { return all_; }

 private:
  std::vector<Finding> all_;
};

// What the daemon says, as far as there is one.
struct Daemon {
  std::string unreached;  // why it says nothing, else ""
  std::optional<protocol::DaemonStatus::Reply> status;
  // Is the socket a lent one? It tells less, and the daemon may be that of another machine.
  bool is_lent() const { return status && status->registry.empty(); }
  std::vector<protocol::ConnectionView> connections;
  // Types whose tokens can renew themselves, and whose tokens can be ended from here.
  std::vector<std::string> renewable, revocable;
};

// Each looks at one part of the world.
void look_at_session(Findings& all);
void look_at_socket(Findings& all, const Daemon& daemon);
void look_at_daemon(Findings& all, const Daemon& daemon);
void look_at_keyring(Findings& all, const Daemon& daemon);
void look_at_units(Findings& all);
void look_at_files(Findings& all, const Daemon& daemon);
void look_at_machine(Findings& all, const Daemon& daemon);
void look_at_git(Findings& all, const Daemon& daemon);
void look_at_connections(Findings& all, const Daemon& daemon);
void look_at_repository(Findings& all, const Daemon& daemon);

// --- what several of them need

// "forgelink", or where this program is if the shell would not find it.
std::string this_program();
// The path of another of our programs, "" if it is nowhere.
std::string our_program(const std::string& name);
// `apt-get install` of a Debian package, by sudo where that is needed.
std::string install(const std::string& package);
std::string as_root(const std::string& command);
bool has_program(const std::string& name);
std::string variable(const char* name);
// The output of a program that gets so many seconds at most, without its last newline; nothing if it failed.
std::optional<std::string> output_of(std::vector<std::string> arguments, int seconds = 5);
bool has_user_manager();
// Does anybody listen on that Unix socket?
bool is_listened_to(const std::string& path);
// What makes a daemon of today's programs and environment of the one that runs.
std::string restart_command(const Daemon& daemon);

}  // namespace forgelink::cli::doctor
