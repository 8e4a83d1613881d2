// SPDX-License-Identifier: MIT
#include "tests/support/private_keyring.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

extern char** environ;

namespace forgelink {
namespace {

namespace fs = std::filesystem;

pid_t start(std::vector<std::string> words, int input) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  for (int descriptor : {1, 2})
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot run " + words[0]);
  return child;
}

void wait_until(const std::function<bool()>& what) {
  for (int i = 0; i < 200; ++i) {
    if (what()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  throw std::runtime_error("waited in vain for the keyring");
}

}  // namespace

bool PrivateKeyring::possible() {
  return access("/usr/bin/dbus-daemon", X_OK) == 0 && access("/usr/bin/gnome-keyring-daemon", X_OK) == 0;
}

PrivateKeyring::PrivateKeyring() {
  std::string pattern = (fs::temp_directory_path() / "fl-keyring-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  const fs::path socket = folder_ / "bus";
  std::ofstream(folder_ / "bus.conf")
      << "<busconfig><type>session</type><listen>unix:path=" << socket.string()
      << "</listen><policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow "
         "eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";
  setenv("DBUS_SESSION_BUS_ADDRESS", ("unix:path=" + socket.string()).c_str(), 1);
  for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
    setenv(name, folder_.c_str(), 1);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  bus_ = start({"dbus-daemon", "--nofork", "--config-file=" + (folder_ / "bus.conf").string()}, nothing);
  close(nothing);
  wait_until([&] { return fs::exists(socket); });
  int password[2];
  if (pipe2(password, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  keyring_ = start({"gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"}, password[0]);
  close(password[0]);
  if (write(password[1], "password", 8) != 8) throw std::runtime_error("no password");
  close(password[1]);
  wait_until([] {
    return std::system(
               "busctl --user --timeout=2 call org.freedesktop.DBus /org/freedesktop/DBus "
               "org.freedesktop.DBus NameHasOwner s org.freedesktop.secrets 2>/dev/null </dev/null | grep -q "
               "true") == 0;
  });
}

PrivateKeyring::~PrivateKeyring() {
  for (const pid_t process : {keyring_, bus_}) {
    if (process <= 0) continue;
    kill(process, SIGKILL);
    waitpid(process, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace forgelink
