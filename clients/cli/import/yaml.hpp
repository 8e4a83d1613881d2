// SPDX-License-Identifier: MIT
// YAML as a flat list of what is at the ends of its branches, with where it stands in the text: enough to
// read a setting and to take it out again while all else stays as it is. libyaml is used here and nowhere
// else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cli/import/found.hpp"

namespace forgelink::cli {

struct YamlLeaf {
  std::vector<std::string> path;  // the keys that lead to it
  Secret value;                   // empty for a null
  std::size_t line = 0;           // from 1
  Cut cut;                        // takes it out, key and value
};

// Nothing, and a sentence, for what is no YAML; lists are passed over.
std::optional<std::vector<YamlLeaf>> yaml_leaves(std::string_view text, std::string& why);

// The leaf with exactly this path, or nullptr.
const YamlLeaf* leaf_at(const std::vector<YamlLeaf>& leaves, const std::vector<std::string_view>& path);
std::string text_at(const std::vector<YamlLeaf>& leaves, const std::vector<std::string_view>& path);

}  // namespace forgelink::cli
