// SPDX-License-Identifier: MIT
#include "clients/git_credential/work_tree.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace forgelink {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_read = 64 << 10;

std::string resolved(const fs::path& folder) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(folder, error);
  if (error) return folder.lexically_normal().string();
  return real.string();
}

// The file's beginning. By system calls: streams would bring their locales into the static program.
std::string beginning_of(const fs::path& file) {
  std::string text;
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return text;
  char piece[4096];
  for (ssize_t got = 0; text.size() < most_read && (got = read(descriptor, piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<std::size_t>(got));
  close(descriptor);
  return text;
}

std::string trimmed_value(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t\r\"");
  if (begin == std::string_view::npos) return "";
  return std::string(line.substr(begin, line.find_last_not_of(" \t\r\"") - begin + 1));
}

// `core.worktree` of a repository's own configuration, as git writes it for submodules: one plain line.
std::string core_worktree(const fs::path& git_dir) {
  const std::string text = beginning_of(git_dir / "config");
  bool in_core = false;
  for (std::string_view left = text; !left.empty();) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    const std::string_view key = line.substr(std::min(line.size(), line.find_first_not_of(" \t")));
    if (key.starts_with('[')) {
      in_core = key.starts_with("[core]");
    } else if (const auto equals = key.find('=');
               in_core && equals != key.npos && key.starts_with("worktree")) {
      return trimmed_value(key.substr(equals + 1));
    }
  }
  return "";
}

// A submodule that is being cloned has no `core.worktree` yet. Its repository is in the superproject's
// .git/modules by its name, which is its path unless somebody chose another (gitmodules(5)). "" for what is
// no submodule.
std::string submodule_of(const std::string& git_dir) {
  constexpr std::string_view modules = "/.git/modules/", nested = "/modules/";
  const auto at = git_dir.find(modules);
  if (at == std::string::npos) return "";
  std::string path = git_dir.substr(at + modules.size());
  for (auto below = path.find(nested); below != std::string::npos; below = path.find(nested, below + 1))
    path.replace(below, nested.size(), "/");
  return git_dir.substr(0, at) + "/" + path;
}

// The work tree of the repository whose absolute folder this is.
fs::path work_tree_of(const fs::path& git_dir) {
  // A linked work tree: its `gitdir` names the .git file in the tree (gitrepository-layout(5)).
  const std::string text = beginning_of(git_dir / "gitdir");
  if (const std::string link = trimmed_value(std::string_view(text).substr(0, text.find('\n')));
      !link.empty())
    return (git_dir / link).parent_path();
  if (const std::string tree = core_worktree(git_dir); !tree.empty()) return git_dir / tree;
  if (const std::string tree = submodule_of(git_dir.string()); !tree.empty()) return tree;
  if (git_dir.filename() == ".git") return git_dir.parent_path();
  return git_dir;  // bare
}

}  // namespace

std::string work_tree_top() {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const char* tree = std::getenv("GIT_WORK_TREE");
  if (tree != nullptr && *tree == '/') return resolved(tree);
  if (const char* git_dir = std::getenv("GIT_DIR"); git_dir != nullptr && *git_dir == '/') {
    fs::path folder = fs::path(git_dir).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();
    return resolved(work_tree_of(folder));
  }
  return error ? "" : here.string();
}

}  // namespace forgelink
