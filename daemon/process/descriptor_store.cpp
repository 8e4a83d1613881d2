// SPDX-License-Identifier: MIT
#include "daemon/process/descriptor_store.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace forgelink {
namespace {

constexpr std::string_view name_prefix = "forgelink-memory-";
constexpr int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
constexpr off_t largest_image = 64 << 20;

// Images are numbered: should two be there after a kill, the newest counts.
unsigned long number_of(std::string_view name) {
  unsigned long number = 0;
  if (name.starts_with(name_prefix)) {
    name.remove_prefix(name_prefix.size());
    std::from_chars(name.data(), name.data() + name.size(), number);
  }
  return number;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

DescriptorStore::DescriptorStore(Notify notify) : notify_(std::move(notify)) {}

DescriptorStore::DescriptorStore()
    : DescriptorStore([](const std::string& message, int descriptor) {
        if (std::getenv("NOTIFY_SOCKET") == nullptr) return false;
        return sd_pid_notify_with_fds(0, 0, message.c_str(), &descriptor, descriptor >= 0 ? 1u : 0u) > 0;
      }) {}

void DescriptorStore::inherited(const std::vector<std::string>& names) {
  kept_ = names;
  for (const std::string& name : names) next_ = std::max(next_, number_of(name) + 1);
}

void DescriptorStore::keep(const MemoryImage& image) {
  const std::vector<std::string> former = kept_;
  if (!image.empty()) {
    // The new one goes in before the old one leaves: a kill in between loses nothing.
    const int descriptor = make(image);
    const std::string name = std::string(name_prefix) + std::to_string(next_);
    const bool kept = descriptor >= 0 && notify_("FDSTORE=1\nFDNAME=" + name, descriptor);
    if (descriptor >= 0) close(descriptor);
    if (kept) {
      ++next_;
      kept_ = {name};
    }
  }
  // What an outdated image holds may have been taken away since: it goes even if no new one could be kept.
  remove(former);
  if (image.empty()) kept_.clear();
}

void DescriptorStore::remove(const std::vector<std::string>& names) {
  for (const std::string& name : names) notify_("FDSTOREREMOVE=1\nFDNAME=" + name, -1);
}

bool DescriptorStore::is_image(std::string_view name) { return number_of(name) > 0; }

int DescriptorStore::make(const MemoryImage& image) {
  const int descriptor = memfd_create("forgelink-memory", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) {
    spdlog::warn("what memory holds cannot be kept over a restart: {}", std::strerror(errno));
    return -1;
  }
  const Secret bytes = image.bytes();
  if (write_all(descriptor, bytes.reveal()) && fcntl(descriptor, F_ADD_SEALS, seals) == 0) return descriptor;
  close(descriptor);
  return -1;
}

std::optional<MemoryImage> DescriptorStore::read(int descriptor) {
  struct stat found {};
  if (fstat(descriptor, &found) != 0 || found.st_size <= 0 || found.st_size > largest_image)
    return std::nullopt;
  const int sealed = fcntl(descriptor, F_GET_SEALS);
  if (sealed < 0 || (sealed & seals) != seals) return std::nullopt;
  const auto size = static_cast<std::size_t>(found.st_size);
  bool whole = false;
  const Secret bytes = Secret::of_size(
      size, [&](char* into) { whole = pread(descriptor, into, size, 0) == static_cast<ssize_t>(size); });
  return whole ? MemoryImage::parse(bytes.reveal()) : std::nullopt;
}

InheritedDescriptors inherited_descriptors() {
  InheritedDescriptors found;
  char** names = nullptr;
  // Clears its variables, so that nothing we start thinks it was activated.
  const int count = sd_listen_fds_with_names(1, &names);
  unsigned long newest = 0;
  for (int i = 0; i < count; ++i) {
    const int descriptor = SD_LISTEN_FDS_START + i;
    const std::string name = names != nullptr && names[i] != nullptr ? names[i] : "";
    if (!DescriptorStore::is_image(name)) {
      if (!found.socket) found.socket = descriptor;
      continue;
    }
    found.image_names.push_back(name);
    std::optional<MemoryImage> image = DescriptorStore::read(descriptor);
    close(descriptor);
    if (image && number_of(name) > newest) {
      newest = number_of(name);
      found.image = std::move(image);
    }
  }
  for (int i = 0; i < count; ++i) std::free(names[i]);
  std::free(names);
  return found;
}

}  // namespace forgelink
