// SPDX-License-Identifier: MIT
#include "clients/cli/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace forgelink::cli {

namespace fs = std::filesystem;

std::optional<std::string> content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void replace_file(const fs::path& file, const std::string& content, mode_t mode) {
  // A link stays one: configuration is often kept elsewhere and linked.
  const fs::path target = fs::is_symlink(file) ? fs::weakly_canonical(file) : file;
  struct stat before {};
  if (stat(target.c_str(), &before) == 0) mode = before.st_mode & 07777;
  fs::create_directories(target.parent_path());

  std::string beside = target.string() + ".XXXXXX";
  const int out = mkostemp(beside.data(), O_CLOEXEC);  // 0600
  const auto failed = [&] {
    const int error = errno;
    if (out >= 0) close(out);
    unlink(beside.c_str());
    throw std::system_error(error, std::generic_category(), target.string());
  };
  if (out < 0) failed();
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t written = write(out, content.data() + done, content.size() - done);
    if (written < 0 && errno != EINTR) failed();
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  // Synced before it is renamed: a power cut leaves the old content or the new, and no empty file.
  if (fchmod(out, mode) != 0 || fsync(out) != 0 || rename(beside.c_str(), target.c_str()) != 0) failed();
  close(out);
}

}  // namespace forgelink::cli
