// SPDX-License-Identifier: MIT
#include "daemon/login_session/session_end.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace forgelink {
namespace {

// What is kept in the registry between two starts.
constexpr std::string_view stamp_key = "session", path_key = "session_folder", seen_key = "login_sessions";

std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.emplace(word);
  }
  return words;
}

}  // namespace

SessionEnd::SessionEnd(asio::any_io_executor executor, Registry& registry, Tokens& tokens)
    : executor_(executor),
      registry_(registry),
      tokens_(tokens),
      sessions_(executor, [this](std::set<std::string> now) { on_sessions(std::move(now)); }) {}

void SessionEnd::remember(std::string_view key, std::string_view value) {
  if (registry_.metadata(key) == value) return;
  if (Result<> written = registry_.set_metadata(key, value); !written)
    spdlog::error("{}", written.error().message);
}

awaitable<> SessionEnd::check_stamp(SessionStamp now) {
  const auto text = registry_.metadata(stamp_key);
  auto before = text ? SessionStamp::parse(*text) : std::nullopt;
  if (before) before->runtime_path = registry_.metadata(path_key).value_or("");
  if (before && is_new_session(*before, now)) {
    // Before the new stamp: a start that is killed in between purges again.
    co_await purge("the session has ended");
    remember(seen_key, "");
  } else if (before && is_elsewhere(*before, now) && folder_is_alive(*before)) {
    co_return;  // the session of the stamp goes on, and its next daemon compares with it
  }
  remember(stamp_key, now.text());
  remember(path_key, now.runtime_path);
}

void SessionEnd::on_sessions(std::set<std::string> now) {
  const std::set<std::string> seen = words_of(registry_.metadata(seen_key).value_or(""));
  const bool goes_on =
      std::any_of(seen.begin(), seen.end(), [&](const std::string& id) { return now.contains(id); });
  remember(seen_key, fmt::format("{}", fmt::join(now, " ")));
  // Another of the same user's sessions keeps the tokens.
  if (!seen.empty() && !goes_on) spawn(executor_, purge("the last login session has ended"));
}

awaitable<> SessionEnd::purge(std::string why) {
  if (on_end) on_end();
  std::vector<ConnectionId> ids;
  registry_.for_each([&](const Connection& connection) {
    if (connection.retention == Retention::session) ids.push_back(connection.id);
  });
  Tokens::Purged purged = co_await tokens_.purge(std::move(ids), why, Tokens::IfUnwritable::purge);
  if (!purged.ids.empty()) spdlog::info("tokens of the session purged: {} ({})", purged.ids.size(), why);
}

}  // namespace forgelink
