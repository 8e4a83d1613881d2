// SPDX-License-Identifier: MIT
#include "clients/cli/git_place.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/url.hpp"
#include "clients/cli/git_config.hpp"
#include "clients/cli/process.hpp"

namespace forgelink::cli {
namespace {

std::string line_of_git(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "git");
  Finished done = run_program(arguments, true);
  if (done.status != 0) return "";
  if (done.output.ends_with('\n')) done.output.pop_back();
  return done.output;
}

std::vector<std::string> lines_of_git(std::vector<std::string> arguments) {
  const std::string all = line_of_git(std::move(arguments));
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    lines.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string plain(std::string_view encoded) {
  return percent_decoded(encoded).value_or(std::string(encoded));
}

void add_settings(GitQuestion& question, const std::string& url) {
  const std::vector<GitSetting> all = credential_settings();
  const auto helpers = helpers_for(all, url);
  question.asks_us = std::any_of(helpers.begin(), helpers.end(),
                                 [](const GitSetting& helper) { return is_our_helper(helper.value); });
  question.path_held_back = question.asks_us && !http_path_for(all, url);
  if (question.username) return;
  const auto usernames = settings_for(all, url, "username");
  if (!usernames.empty() && !usernames.back().value.empty()) question.username = usernames.back().value;
}

}  // namespace

std::string repository_here() {
  const std::string top = line_of_git({"rev-parse", "--show-toplevel"});
  if (!top.empty()) return top;
  return line_of_git({"rev-parse", "--absolute-git-dir"});
}

void without_repository(const Context& context, const std::string& sentence) {
  check_git(context);
  context.misused(sentence);
}

std::vector<GitRemote> remotes_here() {
  std::vector<GitRemote> remotes;
  for (const std::string& name : lines_of_git({"remote"})) {
    for (const char* kind : {"--all", "--push"}) {
      for (const std::string& url : lines_of_git({"remote", "get-url", kind, "--", name})) {
        const bool known = std::any_of(remotes.begin(), remotes.end(), [&](const GitRemote& other) {
          return other.name == name && other.url == url;
        });
        if (!known) remotes.push_back({.name = name, .url = url});
      }
    }
  }
  return remotes;
}

std::string usual_remote() {
  const std::string branch = line_of_git({"symbolic-ref", "--quiet", "--short", "HEAD"});
  const std::string of_branch = branch.empty() ? "" : line_of_git({"config", "branch." + branch + ".remote"});
  const std::vector<std::string> all = lines_of_git({"remote"});
  const auto has = [&](const std::string& name) {
    return std::find(all.begin(), all.end(), name) != all.end();
  };
  if (has(of_branch)) return of_branch;
  if (has("origin")) return "origin";
  return all.size() == 1 ? all.front() : "";
}

std::optional<GitQuestion> question_for(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return std::nullopt;
  GitQuestion question{.protocol = url.substr(0, scheme), .host = {}};
  if (question.protocol != "https" && question.protocol != "http") return std::nullopt;
  std::string_view rest = std::string_view(url).substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto slash = rest.find('/');
  std::string_view host = rest.substr(0, slash);
  if (const auto at = host.find('@'); at != std::string_view::npos) {
    question.username = plain(host.substr(0, std::min(at, host.find(':'))));
    host.remove_prefix(at + 1);
  }
  question.host = plain(host);
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  add_settings(question, url);
  if (!path.empty() && !question.path_held_back) question.path = plain(path);
  return question;
}

protocol::CredentialExplain::Params params_of(const GitQuestion& question, const std::string& directory) {
  protocol::CredentialExplain::Params params{.protocol = {question.protocol}, .host = {question.host}};
  if (question.path) params.path = {.value = *question.path};
  if (question.username) params.username = {.value = *question.username};
  // As git's helper does: a rule's folder is text, so none is for another one.
  if (!directory.empty() && is_utf8(directory)) params.directory = {.value = directory};
  return params;
}

}  // namespace forgelink::cli
