// SPDX-License-Identifier: MIT
#include "storage/registry_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace forgelink {

RegistryLock::RegistryLock(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "connections.lock";
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0)
    throw RegistryOpenFailed("The registry's lock " + path.string() +
                             " cannot be opened: " + std::strerror(errno) + ".");

  // fcntl(), not flock(): F_GETLK names the process that holds it. Closing any descriptor of the file would
  // drop the lock, so nothing else here opens it.
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (fcntl(file_, F_SETLK, &lock) == 0) return;
  const int error = errno;
  struct flock holder = lock;
  const bool known =
      (error == EAGAIN || error == EACCES) && fcntl(file_, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK;
  close(file_);
  if (!known)
    throw RegistryOpenFailed("The registry cannot be locked: " + std::string(std::strerror(error)) + ".");
  throw RegistryOpenFailed("Another daemon, process " + std::to_string(holder.l_pid) +
                           ", holds the registry in " + folder.string() + ".");
}

RegistryLock::~RegistryLock() { close(file_); }

}  // namespace forgelink
