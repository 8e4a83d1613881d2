// SPDX-License-Identifier: MIT
#include "daemon/git/identity_files.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

#include "daemon/git/identity_render.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view switch_key = "git_identity";

// All at once: git may read it at any moment.
bool replace(const fs::path& file, const std::string& content) {
  const fs::path fresh = file.string() + ".new";
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  std::error_code error;
  if (out) fs::rename(fresh, file, error);
  return out && !error;
}

Error not_written(const fs::path& folder) {
  return {.code = Errc::internal,
          .message = "The identities of commits could not be written to " + folder.string() + ".",
          .hint = "See whether the disk is full or the folder is protected."};
}

}  // namespace

bool IdentityFiles::is_on() const { return registry_.metadata(switch_key) == "on"; }

fs::path IdentityFiles::entry() const { return folder_ / identity_entry; }

Result<> IdentityFiles::write() const {
  const auto find = [this](ConnectionId id) { return registry_.find(id); };
  std::error_code error;
  fs::create_directories(folder_, error);
  std::set<fs::path> wanted;
  const std::vector<IdentityFile> files = render_identities(registry_.rules(), find, folder_.string());
  // The entry comes last: what it names is there by then.
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    wanted.insert(folder_ / file->name);
    if (!replace(folder_ / file->name, file->content)) return not_written(folder_);
  }
  for (const auto& old : fs::directory_iterator(folder_, error)) {
    if (!wanted.contains(old.path())) fs::remove(old.path(), error);
  }
  return {};
}

Result<> IdentityFiles::turn(bool on) {
  if (on) {
    if (Result<> written = write(); !written) return written;
  }
  Result<> stored = registry_.set_metadata(switch_key, on ? "on" : "off");
  if (!stored) return stored;
  std::error_code error;
  if (!on) fs::remove_all(folder_, error);
  return {};
}

void IdentityFiles::on_event(const Event& event) {
  const bool matters = event.kind == EventKind::rules_changed ||
                       event.kind == EventKind::connection_updated ||
                       event.kind == EventKind::connection_removed;
  if (!matters || !is_on()) return;
  if (Result<> written = write(); !written) spdlog::warn("{}", written.error().message);
}

}  // namespace forgelink
