// SPDX-License-Identifier: MIT
#include "clients/cli/import/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/paths.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

constexpr off_t largest = 1 << 20;

std::string reason() { return std::strerror(errno); }

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  operator int() const { return number_; }
  bool close() {
    const int number = std::exchange(number_, -1);
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_;
};

// FILE.lock, which git takes too before it writes such a file; what is in it takes the file's place.
class LockFile {
 public:
  explicit LockFile(const fs::path& file)
      : file_(file),
        lock_(file.string() + ".lock"),
        descriptor_(open(lock_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)),
        held_(descriptor_ >= 0) {
    if (!held_)
      trouble_ =
          errno == EEXIST ? fmt::format("another program is writing it ({} exists)", shown(lock_)) : reason();
  }
  ~LockFile() {
    if (held_) unlink(lock_.c_str());
  }
  LockFile(const LockFile&) = delete;

  bool is_held() const { return held_; }
  const std::string& trouble() const { return trouble_; }

  bool replace(std::string_view text, mode_t mode) {
    bool good = fchmod(descriptor_, mode) == 0;
    while (good && !text.empty()) {
      const ssize_t written = write(descriptor_, text.data(), text.size());
      good = written > 0;
      if (good) text.remove_prefix(static_cast<std::size_t>(written));
    }
    good =
        // Any of these may be the one to say that the disk is full; until the last the old file is whole.
        good && fsync(descriptor_) == 0 && descriptor_.close() && rename(lock_.c_str(), file_.c_str()) == 0;
    if (!good) trouble_ = reason();
    // After the rename that name is free, and may be another program's lock already.
    held_ = !good;
    return good;
  }

 private:
  fs::path file_, lock_;
  Descriptor descriptor_;
  bool held_;
  std::string trouble_;
};

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

std::string shown(const fs::path& file) {
  const std::string text = file.string(), own = home().string() + "/";
  return text.starts_with(own) ? "~/" + text.substr(own.size()) : text;
}

std::optional<Secret> read_file(const fs::path& file, std::string& trouble) {
  // O_NONBLOCK: to open a FIFO would wait for its writer.
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) trouble = fmt::format("It cannot be read: {}.", reason());
    return std::nullopt;
  }
  if (!S_ISREG(status.st_mode)) {
    trouble = "It is no file.";
    return std::nullopt;
  }
  if (status.st_size > largest) {
    trouble = "It is larger than any file of its kind.";
    return std::nullopt;
  }
  std::size_t size = 0;
  const auto room = static_cast<std::size_t>(status.st_size);
  const Secret text = Secret::of_size(room, [&](char* out) {
    for (ssize_t got = 0; size < room && (got = read(descriptor, out + size, room - size)) > 0;)
      size += static_cast<std::size_t>(got);
  });
  return Secret(text.reveal().substr(0, size));
}

Secret without(std::string_view text, std::vector<Cut> cuts) {
  std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.begin < b.begin; });
  // The size is counted first: a Secret has its last size from the start, so that no copy is left behind.
  std::size_t size = text.size(), end = 0;
  for (const Cut& cut : cuts) {
    if (cut.begin < end) continue;  // the same place twice
    size = size - (cut.end - cut.begin) + cut.instead.size();
    end = cut.end;
  }
  return Secret::of_size(size, [&](char* out) {
    std::size_t at = 0;
    const auto put = [&out](std::string_view part) { out = std::copy(part.begin(), part.end(), out); };
    for (const Cut& cut : cuts) {
      if (cut.begin < at) continue;
      put(text.substr(at, cut.begin - at));
      put(cut.instead);
      at = cut.end;
    }
    put(text.substr(at));
  });
}

TakenOut take_out(const fs::path& file, Parser parse, const std::function<bool(const Found&)>& gone) {
  TakenOut result;
  std::error_code wrong;
  const fs::path real = fs::canonical(file, wrong);  // a link stays one
  if (wrong) return {.trouble = fmt::format("{} cannot be found any more.", shown(file))};
  const auto failed = [&](const std::string& why) {
    return TakenOut{.trouble = fmt::format("{} stays as it is: {}.", shown(file), why)};
  };
  LockFile lock(real);
  if (!lock.is_held()) return failed(lock.trouble());
  struct stat status {};
  if (stat(real.c_str(), &status) != 0) return failed(reason());
  const auto text = read_file(real, result.trouble);
  if (!text) return failed("it cannot be read any more");

  const Parsed before = parse(text->reveal());
  std::vector<Cut> cuts;
  std::size_t stay = 0;
  for (const Found& found : before.found) {
    if (gone(found)) {
      ++result.count;
      cuts.insert(cuts.end(), found.cuts.begin(), found.cuts.end());
    } else {
      ++stay;
    }
  }
  if (cuts.empty()) return result;
  const Secret rest = without(text->reveal(), std::move(cuts));
  // The proof that the cuts were right, whatever the form of the file: the rest reads as before, without
  // them.
  const Parsed after = parse(rest.reveal());
  const bool clean_cut = after.found.size() == stay && after.trouble == before.trouble &&
                         std::none_of(after.found.begin(), after.found.end(), gone);
  if (!clean_cut) return failed("what is to go cannot be cut out of it cleanly; take it out by hand");
  if (is_blank(rest.reveal())) {
    if (unlink(real.c_str()) != 0) return failed(reason());
    result.file_removed = true;
  } else if (!lock.replace(rest.reveal(), status.st_mode & 07777)) {
    return failed(lock.trouble());
  }
  return result;
}

}  // namespace forgelink::cli
