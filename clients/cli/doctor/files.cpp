// SPDX-License-Identifier: MIT
// Who may read the files that Forgelink keeps.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/paths.hpp"
#include "base/shell_word.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/git_memory.hpp"

namespace forgelink::cli::doctor {
namespace {

namespace fs = std::filesystem;

struct Trouble {
  std::string open, others;  // words for the shell
};

void look(Trouble& trouble, const fs::path& path) {
  struct stat file {};
  if (lstat(path.c_str(), &file) != 0 || S_ISLNK(file.st_mode)) return;
  if (file.st_uid != getuid()) trouble.others += " " + quoted(path.string());
  if ((file.st_mode & 0077) != 0)
    trouble.open += (trouble.open.empty() ? "" : " && ") +
                    fmt::format("chmod {} {}", S_ISDIR(file.st_mode) ? "700" : "600", quoted(path.string()));
}

}  // namespace

void look_at_files(Findings& all, const Daemon& daemon) {
  const fs::path folder = daemon.status ? fs::path(daemon.status->registry) : data_home() / "forgelink";
  Trouble trouble;
  look(trouble, folder);
  for (const char* name : {"connections.db", "connections.db-wal", "connections.db-shm", "connections.lock"})
    look(trouble, folder / name);
  look(trouble, GitMemory::place());
  if (!trouble.others.empty()) {
    all.bad("files",
            "Files of Forgelink's belong to another user, so they cannot be trusted or changed:" +
                trouble.others + ".",
            fmt::format("sudo chown {}{}", getuid(), trouble.others));
  }
  if (!trouble.open.empty()) {
    all.mendable("files", "Others may read files that Forgelink keeps for you alone.", trouble.open);
  } else if (trouble.others.empty() && fs::exists(folder)) {
    all.good("files", fmt::format("{} is for you alone.", folder.string()));
  }
}

}  // namespace forgelink::cli::doctor
