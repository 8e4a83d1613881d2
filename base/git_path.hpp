// SPDX-License-Identifier: MIT
// The path of a repository's address, in the one form in which paths are compared: percent-decoded once, cut
// at its slashes, without empty parts.
//
// git decodes the path of a URL before it asks a credential helper (credential.c, credential_from_url), and
// an address in our settings is encoded: both become this. Plain value; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forgelink {

class GitPath {
 public:
  GitPath() = default;

  // As git sends it.
  static GitPath decoded(std::string_view path);
  // As it stands in an address; nothing if its percent-encoding is malformed.
  static std::optional<GitPath> encoded(std::string_view path);

  bool empty() const { return parts_.empty(); }
  std::size_t size() const { return parts_.size(); }
  const std::vector<std::string>& parts() const { return parts_; }

  // A part is "." or "..": a server takes it for another place than it looks.
  bool has_dots() const;
  // As `has_dots`, or a part holds a separator: a backslash, or a dot, slash or backslash that is still
  // encoded.
  bool is_crooked() const;

  // At this path or below it, by whole parts.
  bool lies_below(const GitPath& root, bool ignore_case) const;

  // The first `count` parts.
  GitPath first(std::size_t count) const;
  // Without ".git" at the end of the last part, which git leaves out or writes as it likes.
  GitPath without_suffix() const;

  std::string text() const;      // "Default Collection/project"
  std::string url_text() const;  // "Default%20Collection/project"
  bool operator==(const GitPath&) const = default;

 private:
  std::vector<std::string> parts_;
};

}  // namespace forgelink
