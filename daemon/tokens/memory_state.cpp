// SPDX-License-Identifier: MIT
#include "daemon/tokens/memory_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace forgelink {
namespace {

constexpr const char *item_kind = "item", *held_item_kind = "held-item", *pair_kind = "pair";

// "connection item end": which row a held pair belongs to, and the end of its access token, 0 for none.
std::string pair_name(ConnectionId id, const Renewal::Held& held) {
  const std::int64_t end = held.expires_at ? held.expires_at->time_since_epoch().count() : 0;
  return fmt::format("{} {} {}", id.text(), held.replaces.text(), end);
}

void restore_pair(const MemoryImage::Record& record, Renewal& renewal) {
  const std::string_view name = record.name;
  const auto first = name.find(' '), second = name.rfind(' ');
  if (first == std::string_view::npos || second == first) return;
  const auto id = ConnectionId::parse(name.substr(0, first));
  const auto item = ItemId::parse(name.substr(first + 1, second - first - 1));
  std::int64_t end = 0;
  std::from_chars(name.data() + second + 1, name.data() + name.size(), end);
  if (!id || !item) return;
  Renewal::Held held{.stored = std::make_shared<const Secret>(record.value.reveal()), .replaces = *item};
  if (end > 0) held.expires_at = Time(std::chrono::seconds(end));
  renewal.restore(*id, std::move(held));
}

}  // namespace

void save_tokens(const MemorySecretStore& memory, const SecretVault& vault, const Renewal& renewal,
                 MemoryImage& image) {
  for (const auto& [id, secret] : memory.items())
    image.add(vault.is_held(id) ? held_item_kind : item_kind, id.text(), secret.duplicate());
  for (const auto& [id, held] : renewal.all_held())
    image.add(pair_kind, pair_name(id, held), held.stored->duplicate());
}

awaitable<> restore_tokens(const MemoryImage& image, const Registry& registry, MemorySecretStore& memory,
                           SecretVault& vault, Renewal& renewal) {
  std::vector<ItemId> named = registry.items_in_use();
  std::sort(named.begin(), named.end());
  for (const MemoryImage::Record& record : image.records()) {
    if (record.kind == pair_kind) restore_pair(record, renewal);
    const bool is_held = record.kind == held_item_kind;
    if (!is_held && record.kind != item_kind) continue;
    const auto id = ItemId::parse(record.name);
    // What no row names was taken away after the image was made.
    if (!id || !std::binary_search(named.begin(), named.end(), *id)) continue;
    SecretStore::NewItem item{.id = *id, .label = {}, .connection = {}, .secret = record.value.duplicate()};
    Result<> put = co_await memory.put(std::move(item), Prompt::never);
    if (put && is_held) vault.restore_held(*id);
  }
}

}  // namespace forgelink
