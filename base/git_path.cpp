// SPDX-License-Identifier: MIT
#include "base/git_path.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

bool is_dots(std::string_view part) { return part == "." || part == ".."; }

bool hides_something(const std::string& part) {
  if (is_dots(part) || part.find('\\') != std::string::npos) return true;
  if (part.find('%') == std::string::npos) return false;
  // A server that decodes once more than git did must not find another path.
  const auto once_more = percent_decoded(part);
  return once_more && (is_dots(*once_more) || once_more->find_first_of("/\\") != std::string::npos);
}

std::string_view without_git(std::string_view part) {
  if (part.size() > 4 && part.ends_with(".git")) part.remove_suffix(4);
  return part;
}

}  // namespace

GitPath GitPath::decoded(std::string_view path) {
  GitPath made;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (!part.empty()) made.parts_.emplace_back(part);
    path.remove_prefix(std::min(path.size(), part.size() + 1));
  }
  return made;
}

std::optional<GitPath> GitPath::encoded(std::string_view path) {
  GitPath made = decoded(path);
  for (std::string& part : made.parts_) {
    auto plain = percent_decoded(part);
    // git's helper takes no other, so that such a path fits nothing.
    if (!plain || !is_utf8(*plain)) return std::nullopt;
    // It was one part of the address; it must not become two.
    if (plain->find('/') != std::string::npos) continue;
    part = *std::move(plain);
  }
  std::erase(made.parts_, std::string());
  return made;
}

bool GitPath::has_dots() const { return std::any_of(parts_.begin(), parts_.end(), is_dots); }

bool GitPath::is_crooked() const { return std::any_of(parts_.begin(), parts_.end(), hides_something); }

bool GitPath::lies_below(const GitPath& root, bool ignore_case) const {
  if (root.size() > size()) return false;
  return std::equal(root.parts_.begin(), root.parts_.end(), parts_.begin(),
                    [ignore_case](const std::string& a, const std::string& b) {
                      return ignore_case ? equal_ignoring_case(a, b) : a == b;
                    });
}

GitPath GitPath::first(std::size_t count) const {
  GitPath made;
  made.parts_.assign(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(std::min(count, size())));
  return made;
}

GitPath GitPath::without_suffix() const {
  GitPath made = *this;
  if (!made.empty()) made.parts_.back() = std::string(without_git(made.parts_.back()));
  return made;
}

std::string GitPath::text() const {
  std::string out;
  for (const std::string& part : parts_) out += (out.empty() ? "" : "/") + part;
  return out;
}

std::string GitPath::url_text() const {
  std::string out;
  for (const std::string& part : parts_) out += (out.empty() ? "" : "/") + percent_encoded(part);
  return out;
}

}  // namespace forgelink
