// SPDX-License-Identifier: MIT
#include "daemon/methods/credential_explain.hpp"

namespace forgelink {
namespace {

std::string_view word_for(GitExplanation::Outcome outcome) {
  switch (outcome) {
    case GitExplanation::Outcome::answer:
      return "answer";
    case GitExplanation::Outcome::ambiguous:
      return "ambiguous";
    case GitExplanation::Outcome::none:
      return "none";
    case GitExplanation::Outcome::stored:
      return "stored";
    case GitExplanation::Outcome::unusable:
      return "unusable";
  }
  return "none";
}

}  // namespace

awaitable<Result<CredentialExplain::Reply>> CredentialExplain::call(Params params) const {
  protocol::CredentialParams asked{.protocol = std::move(params.protocol), .host = std::move(params.host)};
  asked.path = std::move(params.path);
  asked.username = std::move(params.username);
  asked.directory = std::move(params.directory);
  Result<GitCredential> as_git = checked(std::move(asked));
  if (!as_git) co_return as_git.error();
  GitAddress address = std::move(as_git->address);
  const GitExplanation said = co_await credentials.explain(std::move(address));

  const auto name_of = [&](ConnectionId id) {
    const Connection* connection = registry.find(id);
    return connection != nullptr ? connection->name : std::string();
  };
  Reply reply{.outcome = std::string(word_for(said.outcome)), .reason = said.reason};
  if (said.connection) {
    reply.connection = said.connection->text();
    reply.name = name_of(*said.connection);
  }
  if (said.rule) reply.rule = said.rule->text();
  for (const GitExplanation::Candidate& candidate : said.candidates) {
    reply.candidates.push_back({.connection = candidate.connection.text(),
                                .name = name_of(candidate.connection),
                                .fits = candidate.fits,
                                .reason = candidate.reason});
  }
  co_return reply;
}

}  // namespace forgelink
