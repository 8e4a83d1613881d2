// SPDX-License-Identifier: MIT
// Where tokens are kept, and how that is.
#include <fmt/format.h>

#include "base/shell_word.hpp"
#include "clients/cli/doctor/finding.hpp"

namespace forgelink::cli::doctor {
namespace {

constexpr const char* about_keyring = "keyring";

std::optional<std::string> bus_call(const std::vector<std::string>& what) {
  std::vector<std::string> words = {"busctl", "--user", "--timeout=3", "call"};
  words.insert(words.end(), what.begin(), what.end());
  return output_of(words, 4);
}

// The keyring's process, without starting one; "" if there is none or nobody knows.
std::string process() {
  const auto answer = bus_call({"org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                "GetConnectionUnixProcessID", "s", "org.freedesktop.secrets"});
  return answer && answer->starts_with("u ") ? answer->substr(2) : "";
}

std::string name_of_process(const std::string& pid) {
  return pid.empty() ? "" : output_of({"cat", "/proc/" + pid + "/comm"}).value_or("");
}

bool is_gnome_keyring(const std::string& pid) { return name_of_process(pid).starts_with("gnome-keyring"); }

// Starts gnome-keyring with the password typed here, without echo; a keyring that is not there yet is made
// with it. One that runs takes no password from a shell, so it is ended first.
std::string start_with_password() {
  const std::string running = process();
  return (running.empty() ? "" : "kill " + running + "; sleep 1; ") +
         "stty -echo; head -n 1 | tr -d '\\n' | gnome-keyring-daemon --unlock --components=secrets "
         ">/dev/null; stty echo";
}

std::string unlock_command(const Daemon& daemon) {
  const bool has_screen = !variable("DISPLAY").empty() || !variable("WAYLAND_DISPLAY").empty();
  for (const auto& connection : daemon.connections) {
    if (has_screen && connection.token.stored_in == "secret-service")
      // To read its token the daemon asks the keyring to unlock, which shows its own prompt on the screen.
      return this_program() + " verify " + quoted(connection.name);
  }
  return is_gnome_keyring(process()) ? start_with_password() : "";
}

void look_at_memory_store(Findings& all, const Daemon& daemon, const std::string& trouble) {
  if (daemon.status->store == "memory")
    return all.note(about_keyring,
                    "The settings say so: tokens are kept in memory, and end with the daemon.");
  const std::string sentence =
      (trouble.empty() ? "Tokens are kept in memory and end with the daemon." : trouble) +
      " After that each connection wants its token again.";
  all.note(about_keyring, sentence,
           has_program("gnome-keyring-daemon") ? start_with_password() : install("gnome-keyring"));
}

void look_at_session_collection(Findings& all) {
  const auto alias = bus_call({"org.freedesktop.secrets", "/org/freedesktop/secrets",
                               "org.freedesktop.Secret.Service", "ReadAlias", "s", "session"});
  if (alias && *alias == "o \"/\"")
    all.note(about_keyring,
             "The keyring has no collection that ends with the session; tokens of that kind are kept in the "
             "daemon's memory.");
}

void look_at_removed_tokens(Findings& all, std::int64_t count) {
  if (count > 0)
    all.note(about_keyring, fmt::format("Removed tokens that the keyring has not deleted yet: {}. KeePassXC "
                                        "asks before it deletes an item: "
                                        "delete what begins with “Forgelink:” there, or untick “Confirm when "
                                        "clients request entry deletion” "
                                        "in its settings (Secret Service Integration).",
                                        count));
}

// A program in which a person makes a collection.
std::string make_a_collection() {
  const std::string pid = process(), name = name_of_process(pid);
  if (is_gnome_keyring(pid)) return start_with_password();
  if (name.starts_with("keepassxc")) return "";  // in its own window, as the sentence says
  if (name.starts_with("ksecretd") || name.starts_with("kwalletd"))
    return has_program("kwalletmanager5") ? "kwalletmanager5" : install("kwalletmanager");
  return has_program("seahorse") ? "seahorse" : install("seahorse");
}

}  // namespace

void look_at_keyring(Findings& all, const Daemon& daemon) {
  if (!daemon.status) return;
  const protocol::SecretStoreView& store = daemon.status->secret_store;
  const std::string &state = store.state, trouble = store.trouble.value_or("");
  if (store.backend == "memory") {
    look_at_memory_store(all, daemon, trouble);
  } else if (state == "available") {
    all.good(about_keyring, "The keyring is there and unlocked.");
    look_at_session_collection(all);
    look_at_removed_tokens(all, store.still_to_erase);
  } else if (state == "locked") {
    const std::string mend = unlock_command(daemon);
    const bool starts_again = mend.starts_with("kill ");
    all.bad(about_keyring,
            std::string("The keyring is locked: git gets no token before it is unlocked with its password.") +
                (starts_again ? " There is no screen to ask for it, so the command starts the keyring again; "
                                "tokens of this session end with it."
                              : ""),
            mend);
  } else if (trouble.find("no default collection") != std::string::npos) {
    all.bad(about_keyring, trouble, make_a_collection());
  } else if (const std::string pid = process(); !pid.empty()) {
    all.bad(about_keyring, fmt::format("{} (Process {}.)", trouble, pid),
            "kill -9 " + pid + "; " + this_program() + " status");
  } else {
    all.bad(about_keyring, trouble.empty() ? "The keyring is not available." : trouble,
            has_program("gnome-keyring-daemon") ? start_with_password() : install("gnome-keyring"));
  }
  if (!store.memory_locked)
    all.note("memory", "The system does not lock memory (ulimit -l), so a token may be swapped out.",
             has_user_manager()
                 ? "systemctl --user restart forgelink.service"
                 : as_root("prlimit --memlock=8388608 --pid " + std::to_string(daemon.status->pid)));
}

}  // namespace forgelink::cli::doctor
