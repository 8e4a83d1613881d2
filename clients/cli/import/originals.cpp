// SPDX-License-Identifier: MIT
#include "clients/cli/import/originals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "clients/cli/import/files.hpp"
#include "clients/cli/import/sources.hpp"
#include "ipc/protocol/connection_get.hpp"
#include "ipc/protocol/credential_get.hpp"

namespace forgelink::cli {
namespace {

constexpr std::chrono::seconds git_patience{10};

bool is_here(const Found& found, const std::string& file) {
  return found.place == file && parser_of(found.source, found.place) != nullptr;
}

// All of a file's credentials with this token for this host, also those written meanwhile.
bool may_go(const std::vector<Finding>& findings, const std::string& file, const Found& found) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.verified &&
           std::any_of(finding.places.begin(), finding.places.end(), [&](const Found& place) {
             return is_here(place, file) && place.host == found.host && place.token.equals(found.token);
           });
  });
}

// What git would ask to get this connection's token.
protocol::CredentialParams question_about(const Finding& finding,
                                          const protocol::ConnectionView& connection) {
  protocol::CredentialParams asked;
  asked.protocol.value = finding.found().scheme;
  asked.host.value = finding.found().host;
  const std::string organization = connection.organization.value_or("");
  const std::string login = connection.account ? connection.account->login.value_or("") : "";
  if (organization.empty() && !login.empty()) asked.username = {.value = login};
  if (!organization.empty()) asked.path = {.value = organization};
  return asked;
}

}  // namespace

void recognize(Context& context, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    const bool in_file = std::any_of(finding.places.begin(), finding.places.end(),
                                     [](const Found& found) { return !found.cuts.empty(); });
    if (finding.state != "exists" || !in_file) continue;
    const auto told =
        context.try_call<protocol::ConnectionGet>({.connection = finding.connection}, git_patience);
    const auto* known = std::get_if<Answer<protocol::ConnectionGet>>(&told);
    if (known == nullptr || known->reply.connection.token.state != "valid") continue;
    // Asked as git asks: an original goes only if git gets the very same token without it.
    auto answer = context.try_call<protocol::CredentialGet>(question_about(finding, known->reply.connection),
                                                            git_patience);
    const auto* credential = std::get_if<Answer<protocol::CredentialGet>>(&answer);
    finding.verified = credential != nullptr && credential->reply.password &&
                       finding.token().equals(credential->reply.password->secret.reveal());
  }
}

std::vector<std::string> files_to_clear(const std::vector<Finding>& findings) {
  std::set<std::string> files;
  for (const Finding& finding : findings) {
    for (const Found& found : finding.places) {
      if (finding.verified && is_here(found, found.place)) files.insert(found.place);
    }
  }
  return {files.begin(), files.end()};
}

std::string what_goes(const std::vector<Finding>& findings, const std::string& file) {
  std::size_t count = 0;
  for (const Finding& finding : findings) {
    for (const Found& found : finding.places) count += finding.verified && is_here(found, file);
  }
  return count == 1 ? "the entry that is imported" : fmt::format("the {} entries that are imported", count);
}

std::string owner_of(const std::vector<Finding>& findings, const std::string& file) {
  for (const Finding& finding : findings) {
    for (const Found& found : finding.places) {
      if (found.place == file && (found.source == "gh" || found.source == "glab")) return found.source;
    }
  }
  return "";
}

std::string clear(std::vector<Finding>& findings, const std::string& file, bool& done) {
  Parser parse = nullptr;
  for (const Finding& finding : findings) {
    for (const Found& found : finding.places) {
      if (is_here(found, file)) parse = parser_of(found.source, file);
    }
  }
  const TakenOut out =
      take_out(file, parse, [&](const Found& found) { return may_go(findings, file, found); });
  done = out.trouble.empty();
  if (!done) return out.trouble;
  for (Finding& finding : findings) {
    for (Found& found : finding.places) found.deleted |= finding.verified && is_here(found, file);
  }
  if (out.file_removed) return fmt::format("{} is removed; nothing else was in it.", shown(file));
  return fmt::format("{} entr{} taken out of {}.", out.count, out.count == 1 ? "y is" : "ies are",
                     shown(file));
}

}  // namespace forgelink::cli
