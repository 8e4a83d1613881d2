// SPDX-License-Identifier: MIT
#include "clients/cli/import/yaml.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <cstring>

namespace forgelink::cli {
namespace {

// Aliases may make a small file into an endless tree.
constexpr std::size_t deepest = 12, most_leaves = 10'000;

// libyaml's parser; what it copied of the text is wiped before it is given back.
class YamlDocument {
 public:
  explicit YamlDocument(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    good_ = yaml_parser_load(&parser_, &document_) != 0;
  }
  ~YamlDocument() {
    if (good_) {
      for (yaml_node_t* node = document_.nodes.start; node != document_.nodes.top; ++node) {
        if (node->type == YAML_SCALAR_NODE) explicit_bzero(node->data.scalar.value, node->data.scalar.length);
      }
      yaml_document_delete(&document_);
    }
    wipe(parser_.raw_buffer.start, parser_.raw_buffer.end);
    wipe(parser_.buffer.start, parser_.buffer.end);
    yaml_parser_delete(&parser_);
  }
  YamlDocument(const YamlDocument&) = delete;

  bool is_good() const { return good_; }
  std::size_t line_of_problem() const { return parser_.problem_mark.line + 1; }
  yaml_node_t* root() { return yaml_document_get_root_node(&document_); }
  yaml_node_t* node(int index) { return yaml_document_get_node(&document_, index); }

 private:
  static void wipe(unsigned char* begin, unsigned char* end) {
    if (begin != nullptr) explicit_bzero(begin, static_cast<std::size_t>(end - begin));
  }

  yaml_parser_t parser_{};
  yaml_document_t document_{};
  bool good_ = false;
};

std::string_view text_of(const yaml_node_t& node) {
  return {reinterpret_cast<const char*>(node.data.scalar.value), node.data.scalar.length};
}

bool is_null(const yaml_node_t& node) {
  const std::string_view text = text_of(node);
  return node.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && (text.empty() || text == "~" || text == "null");
}

// libyaml counts characters, a text has bytes.
std::size_t byte_at(std::string_view text, std::size_t character) {
  // A byte order mark is not in libyaml's count.
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
    if (character == 0) break;
    --character;
  }
  return at;
}

// The whole line, if nothing but a comment shares it; else the value alone.
Cut yaml_cut_of(std::string_view text, const yaml_node_t& key, const yaml_node_t& value) {
  std::size_t begin = byte_at(text, key.start_mark.index), end = byte_at(text, value.end_mark.index);
  const Cut value_only{.begin = byte_at(text, value.start_mark.index), .end = end, .instead = "\"\""};
  while (begin > 0 && text[begin - 1] == ' ') --begin;
  if (begin > 0 && text[begin - 1] != '\n') return value_only;
  if (end > 0 && end > begin && text[end - 1] == '\n') return {.begin = begin, .end = end};
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
  if (end < text.size() && text[end] == '#') end = std::min(text.find('\n', end), text.size());
  if (end < text.size() && text[end] != '\n') return value_only;
  return {.begin = begin, .end = std::min(end + 1, text.size())};
}

// False where it is too deep or too much.
bool walk(YamlDocument& document, std::string_view text, const yaml_node_t& mapping,
          std::vector<std::string>& path, std::vector<YamlLeaf>& leaves) {
  if (path.size() > deepest) return false;
  for (const yaml_node_pair_t* pair = mapping.data.mapping.pairs.start;
       pair != mapping.data.mapping.pairs.top; ++pair) {
    const yaml_node_t* key = document.node(pair->key);
    const yaml_node_t* value = document.node(pair->value);
    if (key == nullptr || value == nullptr || key->type != YAML_SCALAR_NODE) continue;
    path.emplace_back(text_of(*key));
    if (value->type == YAML_MAPPING_NODE) {
      if (!walk(document, text, *value, path, leaves)) return false;
    } else if (value->type == YAML_SCALAR_NODE) {
      if (leaves.size() == most_leaves) return false;
      leaves.push_back({.path = path,
                        .value = is_null(*value) ? Secret() : Secret(text_of(*value)),
                        .line = key->start_mark.line + 1,
                        .cut = yaml_cut_of(text, *key, *value)});
    }
    path.pop_back();
  }
  return true;
}

}  // namespace

std::optional<std::vector<YamlLeaf>> yaml_leaves(std::string_view text, std::string& why) {
  YamlDocument document(text);
  if (!document.is_good()) {
    why = fmt::format("It is no YAML: line {} cannot be read.", document.line_of_problem());
    return std::nullopt;
  }
  std::vector<YamlLeaf> leaves;
  std::vector<std::string> path;
  const yaml_node_t* root = document.root();
  if (root == nullptr || (root->type == YAML_SCALAR_NODE && is_null(*root))) return leaves;
  if (root->type != YAML_MAPPING_NODE) {
    why = "It is no mapping, so it is not what its program writes.";
    return std::nullopt;
  }
  if (!walk(document, text, *root, path, leaves)) {
    why = "It is nested deeper, or longer, than anything its program writes.";
    return std::nullopt;
  }
  return leaves;
}

const YamlLeaf* leaf_at(const std::vector<YamlLeaf>& leaves, const std::vector<std::string_view>& path) {
  const auto found = std::find_if(leaves.begin(), leaves.end(), [&](const YamlLeaf& leaf) {
    return std::equal(leaf.path.begin(), leaf.path.end(), path.begin(), path.end());
  });
  return found == leaves.end() ? nullptr : &*found;
}

std::string text_at(const std::vector<YamlLeaf>& leaves, const std::vector<std::string_view>& path) {
  const YamlLeaf* leaf = leaf_at(leaves, path);
  return leaf == nullptr ? "" : std::string(leaf->value.reveal());
}

}  // namespace forgelink::cli
