// SPDX-License-Identifier: MIT
// What git would get for the repository that the person stands in.
#include <fmt/format.h>

#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/explain.hpp"
#include "clients/cli/git_place.hpp"

namespace forgelink::cli::doctor {
namespace {

constexpr const char* about_repository = "repository";
constexpr std::chrono::seconds explain_patience{5};

void examine_remote(Findings& all, const GitRemote& remote, const std::string& directory) {
  const auto question = question_for(remote.url);
  if (!question) {
    const bool by_ssh = remote.url.find("://") == std::string::npos || remote.url.starts_with("ssh://");
    if (by_ssh)
      all.note(
          about_repository,
          fmt::format("The remote {} is reached by SSH, or is a folder, and not by HTTPS: no token is asked "
                      "for it, and none of the connections is used.",
                      remote.name));
    return;
  }
  Context context;
  const ipc::Response response =
      context.ask(protocol::CredentialExplain::name, ipc::params_object(params_of(*question, directory)),
                  explain_patience);
  const auto* result = std::get_if<json::value>(&response);
  if (result == nullptr) return;
  const auto answer = ipc::reply_of<protocol::CredentialExplain::Reply>(*result);
  if (!answer) return;
  const std::string sentence = fmt::format("The remote {}: {}", remote.name, outcome_in_words(*answer));
  if (answer->outcome == "answer" || answer->outcome == "stored") {
    all.good(about_repository, sentence);
  } else if (answer->outcome == "none" && answer->candidates.empty()) {
    all.note(about_repository, sentence);
  } else {
    all.bad(about_repository, sentence, command_to_change(*answer));
  }
}

}  // namespace

void look_at_repository(Findings& all, const Daemon& daemon) {
  if (!daemon.status) return;
  const std::string directory = repository_here();
  if (directory.empty()) return;
  for (const GitRemote& remote : remotes_here()) examine_remote(all, remote, directory);
}

}  // namespace forgelink::cli::doctor
