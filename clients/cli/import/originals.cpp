// SPDX-License-Identifier: MIT
#include "clients/cli/import/originals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "clients/cli/import/files.hpp"
#include "clients/cli/import/sources.hpp"

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

}  // namespace

void recognize(Context& context, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    const bool in_file = std::any_of(finding.places.begin(), finding.places.end(),
                                     [](const Found& found) { return !found.cuts.empty(); });
    if (finding.state != "exists" || !in_file) continue;
    auto told = context.try_call("connection.get", {{"connection", finding.connection}}, git_patience);
    const auto* known = std::get_if<json::value>(&told);
    const json::value* connection = known == nullptr ? nullptr : member(*known, "connection");
    const json::value* token = connection == nullptr ? nullptr : member(*connection, "token");
    if (token == nullptr || text(*token, "state") != "valid") continue;
    json::object asked{{"protocol", finding.found().scheme}, {"host", finding.found().host}};
    if (const json::value* account = member(*connection, "account");
        account != nullptr && text(*connection, "organization").empty() && !text(*account, "login").empty())
      asked["username"] = text(*account, "login");
    if (const std::string organization = text(*connection, "organization"); !organization.empty())
      asked["path"] = organization;
    auto answer = context.try_call("credential.get", std::move(asked), git_patience);
    const auto* credential = std::get_if<json::value>(&answer);
    const json::value* password = credential == nullptr ? nullptr : member(*credential, "password");
    finding.verified =
        password != nullptr && password->is_string() && finding.token().equals(password->get_string());
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
