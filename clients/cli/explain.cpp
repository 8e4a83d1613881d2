// SPDX-License-Identifier: MIT
// explain
#include "clients/cli/explain.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "clients/cli/commands.hpp"
#include "clients/cli/connection_word.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

// A password that stands in an address is nobody's to read.
std::string without_password(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const auto host_end = std::min(url.find('/', scheme + 3), url.size());
  const auto at = url.rfind('@', host_end), colon = url.find(':', scheme + 3);
  if (at == std::string::npos || at < scheme || colon == std::string::npos || colon > at) return url;
  return url.substr(0, colon) + url.substr(at);
}

Explained explained(Context& context, const std::string& remote, const std::string& url,
                    const std::optional<std::string>& username, const std::string& directory) {
  Explained one{.remote = remote, .url = without_password(url), .question = question_for(url), .answer = {}};
  if (!one.question) return one;
  if (username) one.question->username = *username;
  one.answer = context.call<protocol::CredentialExplain>(params_of(*one.question, directory));
  return one;
}

// "github.com/owner/name", as people write it; what has a colon may be SSH, and what begins with a slash or a
// dot is a folder.
std::string with_scheme(const std::string& typed) {
  const bool plain = typed.find(':') == std::string::npos && typed.front() != '/' && typed.front() != '.';
  return plain ? "https://" + typed : typed;
}

std::string sent_in_words(const GitQuestion& question, const std::string& directory) {
  std::string words = question.protocol + "://" + question.host;
  if (question.username) words += ", user " + *question.username;
  words += question.path ? ", path " + *question.path : question.path_held_back ? ", no path" : "";
  if (!directory.empty()) words += ", folder " + directory;
  return words;
}

void tell(const Explained& one, const std::string& directory) {
  std::string lines = clean((one.remote.empty() ? "" : one.remote + ": ") + one.url) + "\n";
  const auto line = [&](const char* label, const std::string& value) {
    if (!value.empty()) lines += fmt::format("  {:<12}{}\n", label, wrapped(clean(value), 14));
  };
  if (!one.question) {
    line("Outcome",
         "Forgelink does not answer for this address: git asks for tokens by HTTPS only, not SSH.");
    return print(lines);
  }
  line("git sends", sent_in_words(*one.question, directory));
  line("Outcome", outcome_in_words(one.answer->reply));
  for (const auto& candidate : one.answer->reply.candidates)
    line(candidate.fits ? "Fits" : "Does not", fmt::format("“{}”: {}", candidate.name, candidate.reason));
  if (!one.question->asks_us)
    line("Note", "git does not ask Forgelink for this host yet: forgelink git setup");
  if (one.question->path_held_back)
    line("Note",
         "git does not tell the repository (useHttpPath is off), so rules for paths do not count: "
         "forgelink git setup");
  line("To change", command_to_change(one.answer->reply));
  print(lines);
}

json::object as_json(const Explained& one) {
  json::object entry{{"remote", one.remote}, {"url", one.url}, {"asked", one.question.has_value()}};
  if (one.answer) {
    for (const auto& [key, value] : one.answer->json.as_object()) entry[key] = value;
  }
  return entry;
}

// Where the work tree is, or will be.
std::string folder_of(Context& context, const std::string& in) {
  if (in.empty()) return repository_here().empty() ? fs::current_path().string() : repository_here();
  const fs::path folder = fs::absolute(in).lexically_normal();
  std::error_code error;
  if (!fs::is_directory(folder, error)) return folder.string();
  fs::current_path(folder, error);
  if (error) context.misused(folder.string() + " cannot be entered.");
  const std::string repository = repository_here();
  return repository.empty() ? folder.string() : repository;
}

void explain(Context& context, const std::string& url, const std::string& in,
             const std::optional<std::string>& username) {
  const std::string directory = folder_of(context, in);
  if (!url.empty()) {
    const Explained one = explained(context, "", with_scheme(url), username, directory);
    if (context.json_output) return one.answer ? print(one.answer->json) : print(json::value(as_json(one)));
    return tell(one, directory);
  }
  if (repository_here().empty())
    without_repository(context,
                       "There is no repository here: name an address, as https://github.com/owner/name.");
  json::array all;
  std::vector<Explained> remotes = explain_remotes(context, directory);
  for (Explained& one : remotes) {
    if (one.question && username) one = explained(context, one.remote, one.url, username, directory);
    if (context.json_output) {
      all.push_back(as_json(one));
    } else {
      tell(one, directory);
    }
  }
  if (context.json_output) return print(json::object{{"remotes", std::move(all)}});
  if (remotes.empty()) print(std::string("The repository here has no remote.\n"));
}

}  // namespace

std::vector<Explained> explain_remotes(Context& context, const std::string& directory) {
  std::vector<Explained> all;
  for (const GitRemote& remote : remotes_here())
    all.push_back(explained(context, remote.name, remote.url, std::nullopt, directory));
  return all;
}

std::string outcome_in_words(const protocol::CredentialExplain::Reply& answer) {
  const std::string name = answer.name.value_or("");
  if (answer.outcome == "answer") return fmt::format("“{}” answers. {}", name, answer.reason);
  if (answer.outcome == "unusable")
    return fmt::format("“{}” is chosen, but gives no token. {}", name, answer.reason);
  if (answer.outcome == "stored") return answer.reason;
  return "Nobody answers. " + answer.reason;
}

std::string command_to_change(const protocol::CredentialExplain::Reply& answer) {
  if (answer.outcome == "ambiguous") {
    const auto command = answer.reason.find("forgelink use ");
    return command == std::string::npos ? "" : answer.reason.substr(command);
  }
  if (answer.outcome == "unusable")
    return "forgelink edit " + connection_word(answer.name.value_or(""), answer.connection.value_or(""));
  if (answer.outcome == "answer" && answer.rule) return "forgelink unuse " + *answer.rule;
  return "";
}

void declare_explain(CLI::App& app, Context& context) {
  static std::string url, in;
  static std::optional<std::string> username;
  CLI::App* c = command(app, context, "explain", "Show which connection git gets for an address, and why");
  c->add_option("URL", url, "The address of a repository; without one: all remotes of the repository here");
  c->add_option("--in", in, "As if git worked in this folder")->type_name("DIR");
  c->add_option("--username", username, "As if git asked for this user name");
  c->callback([&context] { explain(context, url, in, username); });
}

}  // namespace forgelink::cli
