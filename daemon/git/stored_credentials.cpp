// SPDX-License-Identifier: MIT
#include "daemon/git/stored_credentials.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <charconv>

#include "daemon/git/git_credentials.hpp"

namespace forgelink {
namespace {

// The secret part as it is kept: one `key=value` line each, as git itself writes credentials. None of the
// values can hold a newline.
SharedSecret packed(const GitCredential& credential) {
  std::vector<std::pair<std::string_view, std::string_view>> lines;
  std::string expiry;
  if (credential.password) lines.emplace_back("password", credential.password->reveal());
  if (credential.credential) lines.emplace_back("credential", credential.credential->reveal());
  if (credential.refresh_token) lines.emplace_back("oauth_refresh_token", credential.refresh_token->reveal());
  if (credential.password_expiry) {
    expiry = std::to_string(credential.password_expiry->time_since_epoch().count());
    lines.emplace_back("password_expiry_utc", expiry);
  }
  std::size_t size = 0;
  for (const auto& [key, value] : lines) size += key.size() + value.size() + 2;
  auto fill = [&](char* into) {
    for (const auto& [key, value] : lines) {
      into = std::copy(key.begin(), key.end(), into);
      *into++ = '=';
      into = std::copy(value.begin(), value.end(), into);
      *into++ = '\n';
    }
  };
  return std::make_shared<const Secret>(Secret::of_size(size, fill));
}

std::optional<std::string_view> line_of(const Secret& packed, std::string_view key) {
  std::string_view text = packed.reveal();
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == '=')
      return line.substr(key.size() + 1);
  }
  return std::nullopt;
}

std::optional<Time> expiry_of(const Secret& packed) {
  const auto text = line_of(packed, "password_expiry_utc");
  std::int64_t seconds = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), seconds).ec != std::errc())
    return std::nullopt;
  return Time(std::chrono::seconds(seconds));
}

SharedSecret shared_line(const Secret& packed, std::string_view key) {
  const auto text = line_of(packed, key);
  return text ? std::make_shared<const Secret>(*text) : nullptr;
}

}  // namespace

std::vector<StoredCredential> StoredCredentials::matching(const GitAddress& address) const {
  std::vector<StoredCredential> fitting;
  const bool whole_host = hosts_.is_set_up(address);
  for (StoredCredential& host : registry_.stored_credentials()) {
    if (host.protocol != address.protocol || host.host != address.host) continue;
    const bool same_path = !address.path || host.path == *address.path;
    if (!same_path && !(whole_host && host.path.empty())) continue;
    if (address.username && host.username != *address.username) continue;
    fitting.push_back(std::move(host));
  }
  return fitting;
}

bool StoredCredentials::is_known(ItemId item) const {
  for (const StoredCredential& host : registry_.stored_credentials()) {
    if (host.item == item) return true;
  }
  return false;
}

awaitable<GitAnswer> StoredCredentials::find(const GitCredential& asked) {
  for (const StoredCredential& host : matching(asked.address)) {
    // A git that does not know `credential` passes over it, and would be left without a password.
    if (!host.authtype.empty() && !asked.understands_authtype) continue;
    Result<SharedSecret> secret = co_await vault_.read(host.store, host.item, Prompt::never);
    if (!is_known(host.item)) continue;  // forgotten while it was read
    GitAnswer answer;
    if (!secret) {
      if (secret.error().code == Errc::not_found) continue;
      // Else git would ask the person for a password that is stored already.
      answer.quit = true;
      const Error& trouble = secret.error();
      answer.message = trouble.hint.empty() ? trouble.message : trouble.message + " " + trouble.hint;
      co_return answer;
    }
    answer.password_expiry = expiry_of(**secret);
    if (answer.password_expiry && *answer.password_expiry <= clock_.now()) continue;
    if (host.authtype.empty()) {
      answer.username = host.username;
      answer.password = shared_line(**secret, "password");
      if (const auto refresh = line_of(**secret, "oauth_refresh_token"))
        answer.refresh_token = Secret(*refresh);
    } else {
      if (!host.username.empty()) answer.username = host.username;
      answer.authtype = host.authtype;
      answer.credential = shared_line(**secret, "credential");
    }
    co_return answer;
  }
  co_return GitAnswer();
}

awaitable<Result<>> StoredCredentials::remember(GitCredential accepted) {
  const bool whole =
      (accepted.password && accepted.address.username) || (accepted.credential && accepted.authtype);
  if (hosts_.is_set_up(accepted.address)) accepted.address.path.reset();
  const bool over = accepted.password_expiry && *accepted.password_expiry <= clock_.now();
  if (!whole || over || accepted.ephemeral) co_return Result<>();

  // What was known for the same place gives way, once the new one is safe.
  std::vector<StoredCredential> former;
  for (StoredCredential& host : registry_.stored_credentials()) {
    const bool same = host.protocol == accepted.address.protocol && host.host == accepted.address.host &&
                      host.path == accepted.address.path.value_or("") &&
                      host.username == accepted.address.username.value_or("");
    if (same) former.push_back(std::move(host));
  }
  std::string label = fmt::format("Forgelink: {}://{}", accepted.address.protocol, accepted.address.host);
  SharedSecret secret = packed(accepted);
  Result<SecretVault::Kept> kept =
      co_await vault_.keep({}, std::move(label), Retention::keep, std::move(secret), Prompt::never);
  if (!kept) co_return kept.error();
  const StoredCredential row{.protocol = accepted.address.protocol,
                             .host = accepted.address.host,
                             .path = accepted.address.path.value_or(""),
                             .username = accepted.address.username.value_or(""),
                             .authtype = accepted.authtype.value_or(""),
                             .store = kept->store,
                             .item = kept->item};
  std::vector<ItemId> instead_of;
  for (const StoredCredential& host : former) instead_of.push_back(host.item);
  Result<> written = registry_.remember(row, instead_of);
  if (!written) {
    co_await vault_.erase(kept->store, kept->item);
    co_return written.error();
  }
  vault_.settled(kept->item);
  for (const StoredCredential& host : former) co_await vault_.erase(host.store, host.item);
  co_return Result<>();
}

awaitable<Result<>> StoredCredentials::forget(GitCredential refused) {
  for (const StoredCredential& host : matching(refused.address)) {
    if (refused.password || refused.credential) {
      Result<SharedSecret> secret = co_await vault_.read(host.store, host.item, Prompt::never);
      if (secret) {
        // git tells all helpers of a refusal: what was refused may be another one's password.
        const bool password = refused.password && line_of(**secret, "password") &&
                              refused.password->equals(*line_of(**secret, "password"));
        const bool credential = refused.credential && line_of(**secret, "credential") &&
                                refused.credential->equals(*line_of(**secret, "credential"));
        if (!password && !credential) continue;
        // A row whose secret is gone is forgotten without a comparison.
      } else if (secret.error().code != Errc::not_found) {
        co_return secret.error();
      }
    }
    // The row goes first: an item without a row is swept up later, by the note of it that the row leaves.
    Result<> gone = registry_.forget_credential(host.item);
    if (!gone) co_return gone;
    co_await vault_.erase(host.store, host.item);
  }
  co_return Result<>();
}

awaitable<Result<>> StoredCredentials::forget_all() {
  Result<> all;
  for (const StoredCredential& host : registry_.stored_credentials()) {
    Result<> gone = registry_.forget_credential(host.item);
    if (gone) {
      co_await vault_.erase(host.store, host.item);
    } else {
      all = gone.error();
    }
  }
  co_return all;
}

}  // namespace forgelink
